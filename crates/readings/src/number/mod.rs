//! Numbers in text: one decimal mark for all numbers of a file.
//!
//! `1.234` is a number with decimals in one file and a thousand in another. No number is read by
//! another rule than its neighbours: what other numbers of the file prove counts for all of it, and
//! where nothing proves it the file is refused.

mod decimal;
mod evidence;
mod forms;
mod written;

use serde::{Deserialize, Serialize};

use decimal::parse_point_decimal;
pub use evidence::{NumberEvidence, parse_number};
use written::Written;

/// What stands before the decimals; the other of the two may stand between thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecimalMark {
    /// `1234.5` or `1,234.5`.
    Point,
    /// `1234,5` or `1.234,5`.
    Comma,
}

impl DecimalMark {
    fn byte(self) -> u8 {
        match self {
            Self::Point => b'.',
            Self::Comma => b',',
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Point => Self::Comma,
            Self::Comma => Self::Point,
        }
    }
}

/// A number that proves how the file's numbers are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proof {
    pub(crate) mark: DecimalMark,
    pub(crate) number: String,
}

/// What of a file's numbers makes it unreadable as it was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NumberTrouble {
    /// The file has to be read anew: ambiguous numbers were taken to have decimal points before one
    /// proved that the file has commas.
    ReadAnew(Proof),
    /// Some numbers have points, others commas.
    Mixed { point: String, comma: String },
    /// Nothing tells what this number means.
    Ambiguous(String),
}

/// The first number that proves points, and the first that proves commas.
#[derive(Debug, Clone, Default)]
struct Proofs {
    point: Option<String>,
    comma: Option<String>,
}

impl Proofs {
    /// Whether a text may prove what nothing proved yet: it has the mark.
    #[inline]
    fn may_learn_from(&self, text: &[u8]) -> bool {
        (self.point.is_none() && text.contains(&b'.')) || (self.comma.is_none() && text.contains(&b','))
    }

    fn learn(&mut self, text: &[u8]) {
        let Ok(text) = std::str::from_utf8(text) else { return };
        let place = match Written::of(text.trim()) {
            Written::Proof(DecimalMark::Point) => &mut self.point,
            Written::Proof(DecimalMark::Comma) => &mut self.comma,
            _ => return,
        };
        place.get_or_insert_with(|| text.trim().to_owned());
    }

    fn of(&self, mark: DecimalMark) -> Option<&String> {
        match mark {
            DecimalMark::Point => self.point.as_ref(),
            DecimalMark::Comma => self.comma.as_ref(),
        }
    }

    /// What they prove together; None if nothing.
    fn together(&self) -> Result<Option<Proof>, NumberTrouble> {
        let proof = |mark, number: &String| Ok(Some(Proof { mark, number: number.clone() }));
        match (&self.point, &self.comma) {
            (Some(point), Some(comma)) => {
                Err(NumberTrouble::Mixed { point: point.clone(), comma: comma.clone() })
            }
            (Some(number), None) => proof(DecimalMark::Point, number),
            (None, Some(number)) => proof(DecimalMark::Comma, number),
            (None, None) => Ok(None),
        }
    }
}

/// Whether a text may be a number, by whichever mark.
pub(crate) fn may_be_number(text: &[u8]) -> bool {
    let text = std::str::from_utf8(text).unwrap_or_default().trim();
    match Written::of(text) {
        Written::NoNumber => false,
        Written::Undivided => parse_point_decimal(&forms::plain(text)).is_some(),
        Written::Ambiguous(_) | Written::Proof(_) => true,
    }
}

/// Reads the numbers of one file.
#[derive(Debug, Clone)]
pub(crate) struct Numbers {
    /// What was set or proven; None as long as every number means the same either way, or is
    /// ambiguous.
    mark: Option<DecimalMark>,
    /// Whether it was set, so that nothing has to be proven.
    is_set: bool,
    /// The number that proved it.
    proof: String,
    /// Whether an ambiguous point is a decimal mark if nothing proves another: in texts separated
    /// by commas.
    has_points: bool,
    /// What numbers of an earlier time prove. They were used when the file was read before, and count as those that are used
    /// now: an update reads a file as a reading of all of it would.
    earlier: Proofs,
    /// What numbers of other quantities and of refused rows prove: it counts where the others tell nothing.
    aside: Proofs,
    /// The first ambiguous number with a point, and the first with a comma.
    ambiguous: [Option<String>; 2],
    trouble: Option<NumberTrouble>,
}

impl Numbers {
    /// `mark` is what was set, `proven` what an earlier reading of the file found.
    pub(crate) fn new(mark: Option<DecimalMark>, proven: Option<&Proof>, has_points: bool) -> Self {
        Self {
            mark: mark.or(proven.map(|proof| proof.mark)),
            is_set: mark.is_some(),
            proof: proven.map(|proof| proof.number.clone()).unwrap_or_default(),
            has_points,
            earlier: Proofs::default(),
            aside: Proofs::default(),
            ambiguous: [None, None],
            trouble: None,
        }
    }

    /// Parses a number, `NaN` or `inf`; None for any other text. [`Self::trouble`] tells whether
    /// the file can be read on.
    #[inline]
    pub(crate) fn parse(&mut self, text: &[u8]) -> Option<f64> {
        // While nothing is known, only numbers without a mark are read quickly.
        let mark = self.mark.map_or(b'0', DecimalMark::byte);
        match decimal::short_decimal(text, mark) {
            Some(number) => Some(number),
            None => self.parse_by_evidence(text),
        }
    }

    #[cold]
    fn parse_by_evidence(&mut self, text: &[u8]) -> Option<f64> {
        let text = std::str::from_utf8(text).ok()?.trim();
        self.weigh(text);
        let mark = self.mark.unwrap_or(DecimalMark::Point);
        match Written::of(text) {
            Written::Undivided => parse_point_decimal(&forms::plain(text)),
            Written::Ambiguous(_) | Written::Proof(_) => written::parse(text, mark),
            Written::NoNumber => None,
        }
    }

    /// Takes a number as evidence of how the file's numbers are written.
    pub(crate) fn weigh(&mut self, text: &str) {
        if self.is_set || self.trouble.is_some() {
            return;
        }
        match (Written::of(text), self.mark) {
            (Written::Ambiguous(mark), None) => {
                self.ambiguous[usize::from(mark == DecimalMark::Comma)]
                    .get_or_insert_with(|| text.to_owned());
            }
            (Written::Proof(proven), None) => {
                self.mark = Some(proven);
                text.clone_into(&mut self.proof);
                let was_misread = proven == DecimalMark::Comma && self.ambiguous.iter().any(Option::is_some);
                let proof = Proof { mark: proven, number: text.to_owned() };
                self.trouble = was_misread.then_some(NumberTrouble::ReadAnew(proof));
            }
            (Written::Proof(proven), Some(mark)) if proven != mark => {
                let (one, other) = (self.proof.clone(), text.to_owned());
                let (point, comma) = if mark == DecimalMark::Point { (one, other) } else { (other, one) };
                self.trouble = Some(NumberTrouble::Mixed { point, comma });
            }
            _ => {}
        }
    }

    /// Whether a number of an earlier time may still tell something.
    #[inline]
    pub(crate) fn may_learn_from(&self, text: &[u8]) -> bool {
        !self.is_set && self.earlier.may_learn_from(text)
    }

    /// Takes a number that isn't used as evidence: it decides nothing that those which are used tell.
    #[inline]
    pub(crate) fn weigh_aside(&mut self, text: &[u8]) {
        if self.mark.is_none() && self.aside.may_learn_from(text) {
            self.aside.learn(text);
        }
    }

    /// Takes a number as evidence that is left out now, and was used when the file was read before.
    #[inline]
    pub(crate) fn weigh_earlier(&mut self, text: &[u8]) {
        if self.may_learn_from(text) {
            self.earlier.learn(text);
        }
    }

    /// Takes a number as proof that its only mark stands before decimals, as thousands are out of
    /// the question.
    pub(crate) fn weigh_small(&mut self, text: &str) {
        match Written::of(text) {
            Written::Ambiguous(mark) if !self.is_set && self.mark.is_none() => {
                self.mark = Some(mark);
                text.clone_into(&mut self.proof);
            }
            _ => self.weigh(text),
        }
    }

    /// Whether points were taken for decimal marks though they could stand between thousands, and
    /// nothing told otherwise.
    pub(crate) fn has_unproven_points(&self) -> bool {
        self.mark.is_none() && self.ambiguous[0].is_some() && self.finish() == Ok(None)
    }

    /// Why the file can't be read on as it was begun.
    #[inline]
    pub(crate) fn trouble(&self) -> Option<&NumberTrouble> {
        self.trouble.as_ref()
    }

    /// The mark that counts, once all numbers were seen; None if there is nothing to tell apart.
    pub(crate) fn finish(&self) -> Result<Option<DecimalMark>, NumberTrouble> {
        if let Some(trouble) = &self.trouble {
            return Err(trouble.clone());
        }
        if self.is_set {
            return Ok(self.mark);
        }
        let earlier = self.earlier.together()?;
        if let (Some(mark), Some(other)) =
            (self.mark, self.mark.and_then(|mark| self.earlier.of(mark.other())))
        {
            let (one, other) = (self.proof.clone(), other.clone());
            let (point, comma) = if mark == DecimalMark::Point { (one, other) } else { (other, one) };
            return Err(NumberTrouble::Mixed { point, comma });
        }
        let [point, comma] = &self.ambiguous;
        if self.mark.is_none() && (point.is_some() || comma.is_some()) {
            let told = match earlier {
                None => self.aside.together()?,
                told => told,
            };
            match told {
                // As they were read.
                Some(Proof { mark: DecimalMark::Point, .. }) => return Ok(Some(DecimalMark::Point)),
                Some(proof) => return Err(NumberTrouble::ReadAnew(proof)),
                None => {}
            }
        }
        let undecided = comma.as_ref().or(point.as_ref().filter(|_| !self.has_points));
        match undecided {
            Some(number) if self.mark.is_none() => Err(NumberTrouble::Ambiguous(number.clone())),
            _ => Ok(self.mark),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the numbers of a file are read as, with the mark found.
    fn read(
        texts: &[&str],
        has_points: bool,
    ) -> Result<(Vec<Option<f64>>, Option<DecimalMark>), NumberTrouble> {
        let mut proven = None;
        loop {
            let mut numbers = Numbers::new(None, proven.as_ref(), has_points);
            let values = texts.iter().map(|text| numbers.parse(text.as_bytes())).collect();
            match numbers.finish() {
                Err(NumberTrouble::ReadAnew(proof)) => proven = Some(proof),
                mark => return mark.map(|mark| (values, mark)),
            }
        }
    }

    #[test]
    fn an_update_reads_a_file_as_a_reading_of_all_of_it_would() {
        let finish = |earlier: &[&str], aside: &[&str], used: &[&str]| {
            let mut numbers = Numbers::new(None, None, true);
            earlier.iter().for_each(|text| numbers.weigh_earlier(text.as_bytes()));
            aside.iter().for_each(|text| numbers.weigh_aside(text.as_bytes()));
            for text in used {
                let _ = numbers.parse(text.as_bytes());
            }
            numbers.finish()
        };
        let mixed = |point: &str, comma: &str| {
            Err(NumberTrouble::Mixed { point: point.to_owned(), comma: comma.to_owned() })
        };
        // Both in earlier weeks, or one there and one now.
        assert_eq!(finish(&["0.25", "52,5"], &[], &["1.234"]), mixed("0.25", "52,5"));
        assert_eq!(
            finish(&["0.25"], &[], &["1.234", "52,5"]),
            Err(NumberTrouble::ReadAnew(Proof { mark: DecimalMark::Comma, number: "52,5".to_owned() }))
        );
        assert_eq!(finish(&["0.25"], &[], &["52,5"]), mixed("0.25", "52,5"));
        // Of what is not used at all the first would decide by chance.
        assert_eq!(finish(&[], &["52,5", "0.25"], &["1.234"]), mixed("0.25", "52,5"));
        assert_eq!(finish(&[], &["0.25", "52,5"], &["2.5"]), Ok(Some(DecimalMark::Point)));
        assert_eq!(finish(&[], &["0.25", "52,5"], &["7"]), Ok(None));
        assert_eq!(finish(&["0.25"], &["52,5"], &["1.234"]), Ok(Some(DecimalMark::Point)));
    }

    #[test]
    fn what_one_number_proves_counts_for_all() {
        let comma = Some(DecimalMark::Comma);
        assert_eq!(
            read(&["1.234", "5", "52,5"], false),
            Ok((vec![Some(1234.0), Some(5.0), Some(52.5)], comma))
        );
        assert_eq!(read(&["1,234", "1.234,5"], true), Ok((vec![Some(1.234), Some(1234.5)], comma)));
        let point = Some(DecimalMark::Point);
        assert_eq!(read(&["1.234", "0.5"], false), Ok((vec![Some(1.234), Some(0.5)], point)));
        assert_eq!(read(&["1,234", "1,234.5"], false), Ok((vec![Some(1234.0), Some(1234.5)], point)));
        assert_eq!(read(&["1", "-20", "x"], false), Ok((vec![Some(1.0), Some(-20.0), None], None)));
    }

    #[test]
    fn what_nothing_proves_is_refused() {
        let ambiguous = |text: &str| Err(NumberTrouble::Ambiguous(text.to_owned()));
        assert_eq!(read(&["52", "1.234"], false), ambiguous("1.234"));
        assert_eq!(read(&["52", "1,234"], true), ambiguous("1,234"));
        assert_eq!(read(&["52", "1.234"], true), Ok((vec![Some(52.0), Some(1.234)], None)));
        let mixed = NumberTrouble::Mixed { point: "52.5".to_owned(), comma: "52,5".to_owned() };
        assert_eq!(read(&["52.5", "52,5"], false), Err(mixed.clone()));
        assert_eq!(read(&["1.234", "52,5", "52.5"], true), Err(mixed));
    }

    #[test]
    fn numbers_that_are_not_used_tell_only_what_the_others_do_not() {
        let read = |used: &[&str], aside: &str| {
            let mut numbers = Numbers::new(None, None, false);
            numbers.weigh_aside(aside.as_bytes());
            for text in used {
                let _ = numbers.parse(text.as_bytes());
            }
            numbers.finish()
        };
        assert_eq!(read(&["1.234,5"], "230.5"), Ok(Some(DecimalMark::Comma)), "whatever comes first");
        assert_eq!(read(&["1.234"], "230.5"), Ok(Some(DecimalMark::Point)));
        let proof = Proof { mark: DecimalMark::Comma, number: "52,5".to_owned() };
        assert_eq!(read(&["1.234"], "52,5"), Err(NumberTrouble::ReadAnew(proof)));
        assert_eq!(read(&["12"], "52,5"), Ok(None));
        let mut numbers = Numbers::new(None, None, false);
        numbers.weigh_aside(b"230.5");
        numbers.weigh_earlier(b"52,5");
        let _ = numbers.parse(b"1.234");
        assert!(matches!(numbers.finish(), Err(NumberTrouble::ReadAnew(proof)) if proof.number == "52,5"));
    }

    #[test]
    fn points_that_nothing_proves_are_told() {
        let unproven = |texts: &[&str], mark: Option<DecimalMark>, aside: &str| {
            let mut numbers = Numbers::new(mark, None, true);
            numbers.weigh_aside(aside.as_bytes());
            for text in texts {
                let _ = numbers.parse(text.as_bytes());
            }
            numbers.has_unproven_points()
        };
        assert!(unproven(&["512", "998", "1.002", "-1.956"], None, ""));
        assert!(!unproven(&["512", "998"], None, ""));
        assert!(!unproven(&["512", "1.002", "0.5"], None, ""));
        assert!(!unproven(&["512", "1.002"], None, "0.5"), "another number of the file tells");
        assert!(!unproven(&["512", "1.002"], Some(DecimalMark::Point), ""), "it was set");
    }

    #[test]
    fn a_mark_that_was_set_needs_no_proof_and_refuses_the_other() {
        let mut numbers = Numbers::new(Some(DecimalMark::Comma), None, true);
        let values = ["1.234", "1.5", "0,5", "1.234,5"].map(|text| numbers.parse(text.as_bytes()));
        assert_eq!(values, [Some(1234.0), None, Some(0.5), Some(1234.5)]);
        assert_eq!(numbers.finish(), Ok(Some(DecimalMark::Comma)));
    }
}
