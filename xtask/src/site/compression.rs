//! The compressed siblings of a file: `name.br` and `name.gz`.

use std::io::{self, Write as _};
use std::path::Path;

use anyhow::Context as _;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Below this the headers of the answer weigh more than what is saved.
const SMALLEST_BYTES: usize = 1024;

/// The kinds of file that gain from compression (pictures and fonts are compressed already).
const EXTENSIONS: [&str; 9] = ["css", "html", "ico", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// The endings of the compressed siblings.
pub(super) const ENDINGS: [&str; 2] = ["br", "gz"];

/// Whether a file of this name and content deserves compressed siblings.
pub(super) fn is_worthwhile(path: &Path, content: &[u8]) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    content.len() >= SMALLEST_BYTES && EXTENSIONS.contains(&extension)
}

/// The content compressed for each of [`ENDINGS`].
///
/// # Errors
/// Where one of them fails.
pub(super) fn compressed(content: &[u8]) -> anyhow::Result<[Vec<u8>; 2]> {
    Ok([brotli(content).context("brotli failed")?, gzip(content).context("gzip failed")?])
}

fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    let mut output = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut output, &parameters)?;
    Ok(output)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn what_is_compressed_comes_back() {
        let content = "one and the same sentence; ".repeat(200);
        let [from_brotli, from_gzip] = compressed(content.as_bytes()).unwrap();
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &*from_brotli, &mut unpacked).unwrap();
        assert_eq!(unpacked, content.as_bytes());
        unpacked.clear();
        flate2::read::GzDecoder::new(&*from_gzip).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, content.as_bytes());
    }

    #[test]
    fn small_files_and_pictures_are_left_alone() {
        assert!(!is_worthwhile(Path::new("a.css"), &[b' '; 100]));
        assert!(!is_worthwhile(Path::new("a.png"), &[b' '; 5000]));
        assert!(is_worthwhile(Path::new("a.css"), &[b' '; 5000]));
    }
}
