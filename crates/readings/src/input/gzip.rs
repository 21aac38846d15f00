//! Reads gzip files of several members, padded with zeros as tapes and some writers leave them.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// The text of all members. What follows the last member must be zeros.
pub(super) struct GzipMembers<R> {
    /// None after the last member.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> GzipMembers<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { member: Some(GzDecoder::new(reader)) }
    }
}

impl<R: BufRead> Read for GzipMembers<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(finished) = self.member.take() else { break };
            let mut reader = finished.into_inner();
            match skip_zeros(&mut reader)? {
                None => {}
                Some(0x1f) => self.member = Some(GzDecoder::new(reader)),
                Some(_) => {
                    let reason = "something else than gzip follows its end";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
                }
            }
        }
        Ok(0)
    }
}

/// The next byte that isn't zero, which stays unread; None at the end.
fn skip_zeros(reader: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        let buffered = reader.fill_buf()?;
        let zeros = buffered.iter().take_while(|&&byte| byte == 0).count();
        let next = buffered.get(zeros).copied();
        if zeros == 0 {
            return Ok(next);
        }
        reader.consume(zeros);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn member(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        GzipMembers::new(bytes).read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn members_follow_each_other_and_zeros_the_last() {
        let two = [member("one "), member(""), member("two")].concat();
        assert_eq!(read(&two).unwrap(), "one two");
        assert_eq!(read(&[two.clone(), vec![0; 100_000]].concat()).unwrap(), "one two");
        assert!(read(&[two.clone(), vec![0, 0, 7]].concat()).is_err());
        assert!(read(&two[..two.len() - 1]).is_err());
    }
}
