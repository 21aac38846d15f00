//! The planner's guide speaks the page's words: every label in bold is one of them.

use std::path::{Path, PathBuf};

use domain::actions::ActionFilter;
use domain::language::Language;
use domain::ranking::Change;
use domain::urgency::Urgency;
use model::Flag;

use super::Words;

fn guide(language: Language) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(language.code())
}

/// Every text of the page that stands for itself.
fn texts(words: &Words) -> Vec<String> {
    // All fields, whatever is added to them.
    let fields = format!(
        "{words:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}",
        words.model_card(),
        words.more_filters(),
        words.list(),
        words.on_detail(),
        words.on_accuracy(),
        words.actions(),
        words.headroom_labels(),
        words.what_if(),
        words.proposals(),
        words.this_week(),
        words.plan()
    );
    let mut texts: Vec<String> = fields.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    texts.extend(Change::ALL.map(|change| words.change(change)));
    texts.extend(Flag::ALL.map(|flag| words.flag(flag).name.to_owned()));
    let leads = [0.99, 0.8, 0.4, 0.15, 0.05].map(|chance| words.outlook_lead(chance, Urgency::Near));
    texts.extend(leads.map(str::to_owned));
    texts.push(words.outlook_lead(0.001, Urgency::Ample).to_owned());
    texts.push(words.either().to_owned());
    texts.extend(ActionFilter::ALL.map(|filter| words.action_filter(filter).to_owned()));
    texts
}

/// The labels in bold on a page of Markdown, wherever its lines break.
fn labels(page: &str) -> Vec<String> {
    let text = page.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split("**").skip(1).step_by(2).map(str::to_owned).collect()
}

/// Each note in bold, its meaning and its remedy.
fn all_notes(words: &Words) -> String {
    let heads = match words.language {
        Language::English => "| note | what it means | what to do |",
        Language::Dutch => "| opmerking | wat ze betekent | wat u kunt doen |",
    };
    let row = |flag: Flag| {
        let text = words.flag(flag);
        format!("| **{}** | {} | {} |\n", text.name, text.meaning, text.remedy)
    };
    format!("{heads}\n|---|---|---|\n{}", Flag::ALL.map(row).concat())
}

#[test]
fn every_label_in_bold_is_one_of_the_page_s_texts() {
    for language in Language::ALL {
        let known = texts(Words::of(language));
        let mut found = 0;
        for entry in std::fs::read_dir(guide(language)).unwrap() {
            let path = entry.unwrap().path();
            for label in labels(&std::fs::read_to_string(&path).unwrap()) {
                assert!(known.contains(&label), "{}: the page has no “{label}”", path.display());
                found += 1;
            }
        }
        assert!(found > 80, "{found} labels in {}", language.code());
    }
}

#[test]
fn the_reference_of_all_notes_is_the_page_s() {
    for language in Language::ALL {
        let path = guide(language).join("all-notes.md");
        if std::env::var_os("GRIDSPARK_WRITE_REFERENCE").is_some() {
            std::fs::write(&path, all_notes(Words::of(language))).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap();
        assert!(kept == all_notes(Words::of(language)), "{}: `just reference` renews it", path.display());
    }
}

#[test]
fn both_languages_have_the_same_chapters() {
    let chapters = |language| {
        let mut names: Vec<_> =
            std::fs::read_dir(guide(language)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(chapters(Language::English), chapters(Language::Dutch));
}
