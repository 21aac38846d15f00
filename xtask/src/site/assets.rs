//! The files of the site: written under hashed names, listed, and rid of what is out of date.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::compression;
use super::files::{content_hash, files_below, write};

/// The site's folder while it is being filled.
///
/// New files are written first, the lists of names next, and what is out of date is removed last: a
/// server that runs meanwhile never names a file that is not there yet.
#[derive(Debug)]
pub(super) struct Assets {
    folder: PathBuf,
    /// Whether compressed siblings are written.
    compresses: bool,
    /// `frontend.js` → `frontend.<h>.js`.
    hashed: BTreeMap<String, String>,
    written: BTreeSet<PathBuf>,
    /// How large each hashed file is, plain and as the browser receives it.
    sizes: Vec<String>,
}

impl Assets {
    /// Starts to fill the folder.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub(super) fn open(folder: &Path, compresses: bool) -> anyhow::Result<Self> {
        fs::create_dir_all(folder.join("pkg"))
            .with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self {
            folder: folder.to_owned(),
            compresses,
            hashed: BTreeMap::new(),
            written: BTreeSet::new(),
            sizes: Vec::new(),
        })
    }

    /// Copies a folder with all it holds, under the same names, into a folder of the site. Scripts
    /// and modules that only the build reads (`build/`) stay out.
    ///
    /// # Errors
    /// Where a file cannot be read or written.
    pub(super) fn copy_folder(&mut self, from: &Path, into: &str) -> anyhow::Result<()> {
        for path in files_below(from)? {
            let relative = path.strip_prefix(from).unwrap_or(&path).to_owned();
            if relative.starts_with("build") {
                continue;
            }
            let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            self.add(&Path::new(into).join(&relative), &content)?;
        }
        Ok(())
    }

    /// Writes a file into `pkg/` with the hash of its content in its name; the name.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn add_hashed(
        &mut self,
        stem: &str,
        extension: &str,
        content: &[u8],
    ) -> anyhow::Result<String> {
        self.add_named(stem, &content_hash(content), extension, content)
    }

    /// The name of a file with a hash in it.
    pub(super) fn name(stem: &str, hash: &str, extension: &str) -> String {
        format!("{stem}.{hash}.{extension}")
    }

    /// Writes a file into `pkg/` with this hash in its name; the name.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn add_named(
        &mut self,
        stem: &str,
        hash: &str,
        extension: &str,
        content: &[u8],
    ) -> anyhow::Result<String> {
        let name = Self::name(stem, hash, extension);
        let brotli = self.add(&Path::new("pkg").join(&name), content)?;
        let plain = content.len().div_ceil(1000);
        let brotli = brotli.map(|bytes| format!(", {} kB as brotli", bytes.div_ceil(1000)));
        self.sizes.push(format!("    {stem:>10}.{extension:<4} {plain:>6} kB{}", brotli.unwrap_or_default()));
        self.hashed.insert(format!("{stem}.{extension}"), name.clone());
        Ok(name)
    }

    /// Writes a file, and its compressed siblings where that is worthwhile; the size of the brotli
    /// one.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn add(&mut self, relative: &Path, content: &[u8]) -> anyhow::Result<Option<usize>> {
        let path = self.folder.join(relative);
        write(&path, content)?;
        self.written.insert(path.clone());
        if !self.compresses || !compression::is_worthwhile(&path, content) {
            return Ok(None);
        }
        let results = compression::compressed(content)?;
        for (ending, result) in compression::ENDINGS.iter().zip(&results) {
            let mut name = path.clone().into_os_string();
            name.push(".");
            name.push(ending);
            write(Path::new(&name), result)?;
            self.written.insert(PathBuf::from(name));
        }
        Ok(Some(results[0].len()))
    }

    /// Writes the lists of hashed names, removes what no longer belongs here, and says what there
    /// is.
    ///
    /// # Errors
    /// Where a file cannot be written or removed.
    pub(super) fn finish(mut self) -> anyhow::Result<String> {
        let list = serde_json::to_string_pretty(&self.hashed)?;
        let hash_of = |name: &str| self.hashed.get(name).and_then(|hashed| hashed.split('.').nth(1));
        let leptos: String = [("js", "frontend.js"), ("wasm", "frontend.wasm"), ("css", "gridspark.css")]
            .iter()
            .filter_map(|(kind, name)| hash_of(name).map(|hash| format!("{kind}: {hash}\n")))
            .collect();
        for (name, content) in [("pkg/hash.txt", leptos), ("pkg/assets.json", list)] {
            let path = self.folder.join(name);
            write(&path, content.as_bytes())?;
            self.written.insert(path);
        }
        for path in files_below(&self.folder)? {
            if !self.written.contains(&path) {
                fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            }
        }
        Ok(self.sizes.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_content_and_old_files_go() {
        let folder = std::env::temp_dir().join(format!("xtask-assets-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let build = |style: &str| {
            let mut assets = Assets::open(&folder, false).unwrap();
            assets.add_hashed("gridspark", "css", style.as_bytes()).unwrap();
            assets.add_hashed("frontend", "js", b"let page;").unwrap();
            assets.finish().unwrap();
            let list = fs::read(folder.join("pkg/assets.json")).unwrap();
            serde_json::from_slice::<BTreeMap<String, String>>(&list).unwrap()
        };
        let first = build("a {}");
        let second = build("b {}");
        assert_eq!(first["frontend.js"], second["frontend.js"]);
        assert_ne!(first["gridspark.css"], second["gridspark.css"]);
        let there = |name: &str| folder.join("pkg").join(name).exists();
        assert!(there(&second["gridspark.css"]) && there(&second["frontend.js"]));
        assert!(!there(&first["gridspark.css"]));
        let leptos = fs::read_to_string(folder.join("pkg/hash.txt")).unwrap();
        let hash = second["frontend.js"].split('.').nth(1).unwrap();
        assert!(leptos.contains(&format!("js: {hash}\n")));
        fs::remove_dir_all(folder).unwrap();
    }
}
