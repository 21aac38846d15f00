//! One stage of the Dockerfile, carried out in a root.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

use super::dockerfile::{Instruction, Stage, expand};
use super::root::{Mode, Root};
use crate::console;
use crate::workspace::capture;

/// What the image says of itself besides its files.
#[derive(Debug, Default)]
pub(crate) struct Image {
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) user: String,
    pub(crate) volume: String,
    pub(crate) entrypoint: Vec<String>,
    pub(crate) arguments: Vec<String>,
    pub(crate) healthcheck: Vec<String>,
}

/// Carries the instructions out, one after the other; `artefacts` stands for what other stages and the context hold.
///
/// # Errors
/// The first step that fails, with what it said.
pub(crate) fn build(
    stage: &Stage,
    root: &mut Root,
    artefacts: impl Fn(Option<&str>, &str) -> anyhow::Result<std::path::PathBuf>,
) -> anyhow::Result<Image> {
    let mut image = Image::default();
    let mut arguments = BTreeMap::new();
    for instruction in &stage.instructions {
        let known: BTreeMap<_, _> = arguments
            .iter()
            .chain(&root.variables)
            .map(|(name, value): (&String, &String)| (name.clone(), value.clone()))
            .collect();
        let text = |value: &str| expand(value, &known);
        match instruction {
            Instruction::Arg { name, default } => {
                arguments.insert(name.clone(), default.as_deref().map(text).unwrap_or_default());
            }
            Instruction::Env(pairs) => {
                root.variables.extend(pairs.iter().map(|(name, value)| (name.clone(), text(value))));
            }
            Instruction::Label(pairs) => {
                image.labels.extend(pairs.iter().map(|(name, value)| (name.clone(), text(value))));
            }
            Instruction::Run(script) => run(root, &arguments, script)?,
            Instruction::Copy { from, sources, target } => {
                for source in sources {
                    let there = artefacts(from.as_deref(), source)?;
                    let target =
                        if target == "." { format!("{}/", root.working_folder) } else { target.clone() };
                    root.take_in(&there, &target).with_context(|| format!("COPY {source} {target}"))?;
                }
            }
            Instruction::Workdir(folder) => {
                fs::create_dir_all(root.path(folder))?;
                root.working_folder.clone_from(folder);
            }
            Instruction::User(user) => image.user.clone_from(user),
            Instruction::Volume(volume) => image.volume.clone_from(volume),
            Instruction::Entrypoint(words) => image.entrypoint.clone_from(words),
            Instruction::Cmd(words) => image.arguments.clone_from(words),
            Instruction::Healthcheck(words) => image.healthcheck.clone_from(words),
            Instruction::Expose(_) => {}
        }
    }
    Ok(image)
}

fn run(root: &Root, arguments: &BTreeMap<String, String>, script: &str) -> anyhow::Result<()> {
    console::line(&format!("      RUN {}", script.split("&&").next().unwrap_or_default().trim()));
    let shell = ["/bin/sh", "-c", script].map(str::to_owned);
    let mut command = root.command(Mode::Build, &shell);
    capture(command.envs(arguments)).map(drop).context("a RUN of the Dockerfile")
}

/// A volume as an engine makes it: owned as the image's folder is, with what that holds.
pub(crate) fn new_volume(root: &Root, image: &Image, folder: &Path) -> anyhow::Result<()> {
    let mut copy = std::process::Command::new("cp");
    capture(copy.args(["--archive", "--no-target-directory"]).arg(root.path(&image.volume)).arg(folder))
        .map(drop)
}
