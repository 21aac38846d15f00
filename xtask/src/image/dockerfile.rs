//! The Dockerfile, read: its stages and their instructions, as far as ours uses the language.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};

/// One `FROM` and what follows it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stage {
    pub(crate) name: String,
    pub(crate) base: String,
    pub(crate) instructions: Vec<Instruction>,
}

/// One instruction, its variables not yet put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Instruction {
    Arg {
        name: String,
        default: Option<String>,
    },
    Env(Vec<(String, String)>),
    Label(Vec<(String, String)>),
    Run(String),
    Copy {
        from: Option<String>,
        sources: Vec<String>,
        target: String,
    },
    Workdir(String),
    User(String),
    Volume(String),
    Expose(String),
    Entrypoint(Vec<String>),
    Cmd(Vec<String>),
    /// The command that asks; how often is the engine's affair.
    Healthcheck(Vec<String>),
}

/// The stages in their order.
///
/// # Errors
/// Where an instruction is not understood: better none than a wrong image.
pub(crate) fn parse(text: &str) -> anyhow::Result<Vec<Stage>> {
    let mut before = BTreeMap::new();
    let mut stages: Vec<Stage> = Vec::new();
    for line in joined(text) {
        let (keyword, rest) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
        let rest = rest.trim();
        if keyword == "FROM" {
            let mut words = rest.split_whitespace();
            let base = expand(words.next().unwrap_or_default(), &before);
            let name = words.nth(1).map_or_else(|| stages.len().to_string(), str::to_owned);
            stages.push(Stage { name, base, instructions: Vec::new() });
            continue;
        }
        let instruction = instruction(keyword, rest).with_context(|| format!("in `{line}`"))?;
        match (stages.last_mut(), instruction) {
            (Some(stage), instruction) => stage.instructions.push(instruction),
            (None, Instruction::Arg { name, default }) => {
                before.insert(name, default.unwrap_or_default());
            }
            (None, _) => bail!("`{line}` stands before the first FROM"),
        }
    }
    Ok(stages)
}

/// Lines without comments, those that go on put together.
fn joined(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut open = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_suffix('\\') {
            Some(part) => open.push_str(part),
            None => lines.push(std::mem::take(&mut open) + line),
        }
    }
    lines
}

fn instruction(keyword: &str, rest: &str) -> anyhow::Result<Instruction> {
    Ok(match keyword {
        "ARG" => {
            let (name, default) =
                rest.split_once('=').map_or((rest, None), |(name, value)| (name, Some(value)));
            Instruction::Arg { name: name.to_owned(), default: default.map(unquoted) }
        }
        "ENV" => Instruction::Env(pairs(rest)?),
        "LABEL" => Instruction::Label(pairs(rest)?),
        "RUN" => {
            // A cache changes how long it takes, not what comes out.
            let mut command = rest;
            while let Some(flag) = command.strip_prefix("--mount=type=cache") {
                command = flag.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
            }
            if command.starts_with("--") || command.starts_with('[') {
                bail!("this form of RUN is not known here");
            }
            Instruction::Run(command.to_owned())
        }
        "COPY" => {
            let (flags, mut paths): (Vec<_>, Vec<_>) =
                rest.split_whitespace().map(str::to_owned).partition(|word| word.starts_with("--"));
            let from = flags.iter().find_map(|flag| flag.strip_prefix("--from=")).map(str::to_owned);
            if flags.len() > usize::from(from.is_some()) {
                bail!("this form of COPY is not known here");
            }
            let target = paths.pop().context("COPY needs a target")?;
            Instruction::Copy { from, sources: paths, target }
        }
        "WORKDIR" => Instruction::Workdir(rest.to_owned()),
        "USER" => Instruction::User(rest.to_owned()),
        "VOLUME" => Instruction::Volume(rest.to_owned()),
        "EXPOSE" => Instruction::Expose(rest.to_owned()),
        "ENTRYPOINT" => Instruction::Entrypoint(words(rest)?),
        "CMD" => Instruction::Cmd(words(rest)?),
        "HEALTHCHECK" => {
            let (_, command) = rest.split_once("CMD ").context("HEALTHCHECK without CMD")?;
            Instruction::Healthcheck(words(command)?)
        }
        _ => bail!("the instruction {keyword} is not known here"),
    })
}

/// The form of a JSON list, which needs no shell.
fn words(text: &str) -> anyhow::Result<Vec<String>> {
    serde_json::from_str(text.trim()).context("write it as a JSON list, so that no shell stands between")
}

/// `NAME=value NAME="a longer value"`.
fn pairs(text: &str) -> anyhow::Result<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').with_context(|| format!("`{rest}` has no value"))?;
        let end = match after.strip_prefix('"') {
            Some(quoted) => 2 + quoted.find('"').context("a quote is not closed")?,
            None => after.find(char::is_whitespace).unwrap_or(after.len()),
        };
        let (value, left) = after.split_at(end);
        pairs.push((name.to_owned(), unquoted(value)));
        rest = left.trim_start();
    }
    Ok(pairs)
}

fn unquoted(value: &str) -> String {
    value.trim_matches('"').to_owned()
}

/// Puts variables in the form `${NAME}` in; one that is not known is nothing.
pub(crate) fn expand(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once("${") {
        let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
        expanded.push_str(head);
        expanded.push_str(variables.get(name).map_or("", String::as_str));
        rest = after;
    }
    expanded + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_and_instructions_are_read() {
        let stages = parse(
            r#"
            # a comment
            ARG BASE=debian:bookworm-slim
            FROM rust AS builder
            RUN --mount=type=cache,target=/a \
                --mount=type=cache,target=/b \
                # within
                make \
                && make install
            FROM ${BASE}
            COPY --from=builder /out/ /
            ENV ONE=1 \
                TWO="2 and more"
            HEALTHCHECK --interval=30s CMD ["gridspark", "health"]
            "#,
        )
        .unwrap();
        assert_eq!(stages[0].instructions, [Instruction::Run("make && make install".into())]);
        assert_eq!((stages[1].name.as_str(), stages[1].base.as_str()), ("1", "debian:bookworm-slim"));
        assert_eq!(
            stages[1].instructions,
            [
                Instruction::Copy {
                    from: Some("builder".into()),
                    sources: vec!["/out/".into()],
                    target: "/".into()
                },
                Instruction::Env(vec![("ONE".into(), "1".into()), ("TWO".into(), "2 and more".into())]),
                Instruction::Healthcheck(vec!["gridspark".into(), "health".into()]),
            ]
        );
    }

    #[test]
    fn what_is_not_understood_is_refused_rather_than_left_out() {
        for text in ["RUN true", "FROM a\nONBUILD RUN x", "FROM a\nCOPY --chmod=1 a b", "FROM a\nCMD serve"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
