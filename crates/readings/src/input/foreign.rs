//! Formats that people hand over by mistake, recognised by their first bytes, so that a whole file
//! of another kind isn't called damaged.

/// A format that isn't read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Foreign {
    EncryptedParquet,
    CompressedParquet,
    NamedParquet,
    Zip,
    Excel,
    Bzip2,
    Xz,
    Lz4,
    Orc,
    Avro,
    Arrow,
    Utf32,
    Binary,
}

const DECOMPRESS: &str = "decompress it, or compress it with gzip or zstd";
const EXPORT: &str = "export it as Parquet or CSV";

impl Foreign {
    /// The format of a text's first bytes; None if it may be a text.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        let signatures: [(&[u8], Self); 11] = [
            (b"PAR1", Self::CompressedParquet),
            (b"PK\x03\x04", Self::Zip),
            (b"\xd0\xcf\x11\xe0", Self::Excel),
            (b"BZh", Self::Bzip2),
            (b"\xfd7zXZ", Self::Xz),
            (b"\x04\x22\x4d\x18", Self::Lz4),
            (b"ORC", Self::Orc),
            (b"Obj\x01", Self::Avro),
            (b"ARROW1", Self::Arrow),
            (b"\xff\xfe\x00\x00", Self::Utf32),
            (b"\x00\x00\xfe\xff", Self::Utf32),
        ];
        let found = signatures.iter().find(|(signature, _)| start.starts_with(signature));
        // A header may begin with these letters.
        let is_text = start.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
        found.map(|&(_, foreign)| foreign).filter(|_| !is_text)
    }

    /// What it is, as the subject of a sentence.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::EncryptedParquet => "encrypted Parquet",
            Self::CompressedParquet => "Parquet that is compressed as a whole, or named as a text,",
            Self::NamedParquet => "what is named .parquet and is none",
            Self::Zip => "a ZIP archive or an Excel workbook",
            Self::Excel => "an Excel workbook",
            Self::Bzip2 => "text compressed with bzip2",
            Self::Xz => "text compressed with xz",
            Self::Lz4 => "text compressed with lz4",
            Self::Orc => "ORC",
            Self::Avro => "Avro",
            Self::Arrow => "an Arrow file",
            Self::Utf32 => "UTF-32",
            Self::Binary => "what is no text (it has NUL characters)",
        }
    }

    /// What to do.
    pub(super) fn remedy(self) -> &'static str {
        match self {
            Self::EncryptedParquet => "write it without encryption",
            Self::CompressedParquet => "decompress it and name it .parquet",
            Self::NamedParquet => "transfer it again, or name it by what it is, such as .csv",
            Self::Zip => "unpack it; save a workbook as CSV UTF-8",
            Self::Excel => "save it as CSV UTF-8",
            Self::Bzip2 | Self::Xz | Self::Lz4 => DECOMPRESS,
            Self::Orc | Self::Avro | Self::Arrow | Self::Binary => EXPORT,
            Self::Utf32 => "save it as UTF-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_begins_like_a_format_is_a_text() {
        assert_eq!(Foreign::of(b"ORC_ID,BOXID,CHANNELID,WAARDE,DATUMTIJD\r\n"), None);
        assert_eq!(Foreign::of(b"ORC\x08\x03"), Some(Foreign::Orc));
        assert_eq!(Foreign::of(b"PK\x03\x04\x14\x00"), Some(Foreign::Zip));
        assert_eq!(Foreign::of(b""), None);
    }
}
