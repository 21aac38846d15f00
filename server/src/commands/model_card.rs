//! `gridspark model-card`: a page about the model with figures, from backtests.

use std::path::{Path, PathBuf};

use backtest::Report;
use backtest::card::CardSource;
use serde::{Deserialize, Serialize};

use super::{CommandError, report};
use crate::Ending;
use crate::command_line::{ModelCard, Shared};

/// The contents of an input file.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    /// The backtests of a card.
    Source(CardSource),
    /// The output of one backtest.
    Report(Box<Report>),
}

#[derive(Serialize)]
struct Answer {
    written: Vec<PathBuf>,
}

pub(super) fn run(options: &ModelCard, shared: &Shared) -> Result<Ending, CommandError> {
    let mut reports = Vec::new();
    for path in &options.from {
        match read(path)? {
            Kept::Source(source) => reports.extend(source.reports),
            Kept::Report(report) => reports.push(*report),
        }
    }
    let source = CardSource::new(reports);
    let name = options.out.file_name().unwrap_or(options.out.as_os_str()).to_string_lossy();
    let folder = options.out.parent().unwrap_or(Path::new(""));
    let mut written = Vec::new();
    let mut write = |path: PathBuf, text: &str| {
        std::fs::write(&path, text)
            .map_err(|source| CommandError::Unwritable { path: path.clone(), source })?;
        written.push(path);
        Ok::<(), CommandError>(())
    };
    for file in source.card(&name)? {
        write(folder.join(&file.name), &file.text)?;
    }
    if let Some(keep) = &options.keep {
        let mut text = serde_json::to_string(&source).map_err(|error| CommandError::Output(error.into()))?;
        text.push('\n');
        write(keep.clone(), &text)?;
    }
    let text: String = written.iter().map(|path| format!("{} written.\n", path.display())).collect();
    report::print(shared.json, &Answer { written }, &text)?;
    Ok(Ending::Complete)
}

fn read(path: &Path) -> Result<Kept, CommandError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| CommandError::UnreadableResult { path: path.to_owned(), source })?;
    serde_json::from_str(&text).map_err(|source| CommandError::NoResult { path: path.to_owned(), source })
}
