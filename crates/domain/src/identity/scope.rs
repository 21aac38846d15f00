//! The part of the grid that a right is for.

use std::collections::BTreeSet;

use model::BoxId;
use serde::{Deserialize, Serialize};

/// Which boxes a right is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// All boxes.
    #[default]
    All,
    /// The boxes of these areas.
    Areas(BTreeSet<String>),
    /// These boxes.
    Boxes(BTreeSet<BoxId>),
}

impl Scope {
    /// No box at all.
    pub fn none() -> Self {
        Self::Areas(BTreeSet::new())
    }

    /// The boxes of these areas.
    pub fn areas<Name: Into<String>>(names: impl IntoIterator<Item = Name>) -> Self {
        Self::Areas(names.into_iter().map(Into::into).collect())
    }

    /// Whether a box of this area is in it.
    pub fn contains(&self, box_id: &BoxId, area: &str) -> bool {
        match self {
            Self::All => true,
            Self::Areas(areas) => areas.contains(area),
            Self::Boxes(boxes) => boxes.contains(box_id),
        }
    }

    /// Both together; areas and single boxes can't be joined, then the areas remain.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => Self::All,
            (Self::Areas(mut these), Self::Areas(those)) => {
                these.extend(those);
                Self::Areas(these)
            }
            (Self::Boxes(mut these), Self::Boxes(those)) => {
                these.extend(those);
                Self::Boxes(these)
            }
            (areas @ Self::Areas(_), Self::Boxes(_)) | (Self::Boxes(_), areas @ Self::Areas(_)) => areas,
        }
    }

    /// Whether everything in `other` is certainly in it, whatever the areas of single boxes are.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Areas(these), Self::Areas(those)) => those.is_subset(these),
            (Self::Boxes(these), Self::Boxes(those)) => those.is_subset(these),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_holds_its_boxes_and_no_others() {
        let breda = Scope::areas(["Breda"]);
        let box_id = BoxId::new("ESD.000001-1").unwrap();
        assert!(breda.contains(&box_id, "Breda") && !breda.contains(&box_id, "Venlo"));
        assert!(!breda.contains(&box_id, "") && !Scope::none().contains(&box_id, ""));
        let one = Scope::Boxes([box_id.clone()].into());
        assert!(
            one.contains(&box_id, "Venlo") && !one.contains(&BoxId::new("ESD.000002-1").unwrap(), "Breda")
        );
    }

    #[test]
    fn a_scope_covers_what_lies_in_it_for_certain() {
        let breda = Scope::areas(["Breda"]);
        let both = Scope::areas(["Breda", "Venlo"]);
        let one = Scope::Boxes([BoxId::new("ESD.000001-1").unwrap()].into());
        assert!(both.covers(&breda) && !breda.covers(&both) && !breda.covers(&Scope::All));
        assert!(!breda.covers(&one) && Scope::All.covers(&one) && one.covers(&one));
        assert_eq!(breda.clone().or(Scope::areas(["Venlo"])), both);
        assert_eq!(breda.clone().or(one), breda);
        assert_eq!(breda.or(Scope::All), Scope::All);
    }
}
