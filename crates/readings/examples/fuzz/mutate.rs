//! Inputs made of seeds by a few changes each, the same in every run.

/// What parsers trip over, put in anywhere.
const TOKENS: [&[u8]; 40] = [
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\t",
    b"|",
    b"\r",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xe9",
    b"\xc3\xa9",
    b"sep=;\n",
    b"1.234",
    b"1,234",
    b"1.234,5",
    b"-0.5",
    b"1e309",
    b"NaN",
    b"-",
    b"24:00",
    b"2026-11-16",
    b"2026-11-16 0:15",
    b"16-11-2026 00:15",
    b"20261116T0015Z",
    b"+01:00[Europe/Amsterdam]",
    b"Z",
    b"9999-12-31 23:59:60",
    b"59.999",
    b"BOXID",
    b"register://electricity/0/activepower/sumli?avg=15",
    b"%3A",
    b"{\"add\":{\"path\":\"a.parquet\"}}\n",
    b"{\"remove\":",
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b"PAR1",
    b"\xff\xff\xff\x7f",
];
/// Longest input.
const MAX_BYTES: usize = 64 * 1024;
const MAX_CHANGES: u64 = 6;

pub(crate) struct Mutator {
    state: u64,
    seeds: Vec<Vec<u8>>,
}

impl Mutator {
    pub(crate) fn new(seed: u64, seeds: Vec<Vec<u8>>) -> Self {
        assert!(seeds.iter().any(|seed| !seed.is_empty()), "a target needs seeds");
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, seeds }
    }

    /// Xorshift64*.
    fn below(&mut self, bound: u64) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        (self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound.max(1)
    }

    fn place(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// A range of up to an eighth of the input, mostly short.
    fn range(&mut self, length: usize) -> (usize, usize) {
        let start = self.place(length);
        let longest = if self.below(4) == 0 { length / 8 + 1 } else { 8 };
        (start, (start + 1 + self.place(longest)).min(length))
    }

    pub(crate) fn next_input(&mut self) -> Vec<u8> {
        let seed = self.place(self.seeds.len());
        let mut input = self.seeds[seed].clone();
        for _ in 0..=self.below(MAX_CHANGES) {
            self.change(&mut input);
        }
        input.truncate(MAX_BYTES);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        if input.is_empty() {
            let token = self.place(TOKENS.len());
            return input.extend_from_slice(TOKENS[token]);
        }
        match self.below(9) {
            0 => {
                let place = self.place(input.len());
                input[place] ^= 1 << self.below(8);
            }
            1 => {
                let place = self.place(input.len());
                input[place] = self.below(256) as u8;
            }
            2 | 3 => {
                let (place, token) = (self.place(input.len() + 1), self.place(TOKENS.len()));
                input.splice(place..place, TOKENS[token].iter().copied());
            }
            4 => {
                let (start, end) = self.range(input.len());
                input.drain(start..end);
            }
            5 => {
                let (start, end) = self.range(input.len());
                let copied = input[start..end].to_vec();
                let place = self.place(input.len() + 1);
                input.splice(place..place, copied);
            }
            6 => {
                let (start, end) = self.range(input.len());
                let token = self.place(TOKENS.len());
                input.splice(start..end, TOKENS[token].iter().copied());
            }
            7 => {
                let other = self.place(self.seeds.len());
                let other = self.seeds[other].clone();
                if !other.is_empty() {
                    let (start, end) = self.range(other.len());
                    let place = self.place(input.len() + 1);
                    input.splice(place..place, other[start..end].iter().copied());
                }
            }
            _ => {
                let length = self.place(input.len());
                input.truncate(length);
            }
        }
    }
}
