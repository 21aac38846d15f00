//! The reference pages of the handbook, generated from the code.

mod command_line;
mod configuration;
mod figures;

/// A page of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Page {
    /// Every setting, with its variable, type, default and meaning
    Configuration,
    /// Every command with its options
    Commands,
    /// Every figure of /metrics
    Figures,
    /// The settings as a JSON schema, for editors that know one
    Schema,
}

impl Page {
    /// The pages of the handbook.
    pub const HANDBOOK: [Self; 3] = [Self::Configuration, Self::Commands, Self::Figures];

    /// The file's name in the handbook.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Configuration => "configuration.md",
            Self::Commands => "commands.md",
            Self::Figures => "figures.md",
            Self::Schema => "configuration.schema.json",
        }
    }

    /// The page, as Markdown or JSON.
    pub fn text(self) -> String {
        match self {
            Self::Configuration => configuration::page(),
            Self::Commands => command_line::page(),
            Self::Figures => figures::page(),
            Self::Schema => configuration::schema(),
        }
    }
}

/// A text as a table cell: on one line, with escaped bars.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
