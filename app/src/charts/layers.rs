//! What of a chart is shown: each entry of the legend can be turned off and on, and stays so for the person.

use std::collections::BTreeSet;
use std::str::FromStr;

use leptos::prelude::*;

use crate::preferences::{CHART_COOKIE, remember, remembered};

/// A part of the forecast's chart that can be turned off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layer {
    Maximum,
    Minimum,
    Median,
    Band70,
    Band90,
    LastYear,
    Fitted,
    Limits,
    Outliers,
    Exceedances,
    Gaps,
    Masked,
}

impl Layer {
    /// All, in the order of the legend.
    pub(crate) const ALL: [Self; 12] = [
        Self::Maximum,
        Self::Minimum,
        Self::Median,
        Self::Band70,
        Self::Band90,
        Self::LastYear,
        Self::Fitted,
        Self::Limits,
        Self::Outliers,
        Self::Exceedances,
        Self::Gaps,
        Self::Masked,
    ];

    /// The word in the cookie.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Maximum => "maximum",
            Self::Minimum => "minimum",
            Self::Median => "median",
            Self::Band70 => "band-70",
            Self::Band90 => "band-90",
            Self::LastYear => "last-year",
            Self::Fitted => "fitted",
            Self::Limits => "limits",
            Self::Outliers => "outliers",
            Self::Exceedances => "exceedances",
            Self::Gaps => "gaps",
            Self::Masked => "masked",
        }
    }

    /// Whether it is shown to who has not chosen: the fitted line is there on demand.
    const fn is_shown_at_first(self) -> bool {
        !matches!(self, Self::Fitted)
    }
}

/// The layers that are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layers(BTreeSet<Layer>);

impl Default for Layers {
    fn default() -> Self {
        Self(Layer::ALL.into_iter().filter(|layer| layer.is_shown_at_first()).collect())
    }
}

impl Layers {
    /// Whether a layer is shown.
    pub(crate) fn shows(&self, layer: Layer) -> bool {
        self.0.contains(&layer)
    }

    /// Turns a layer on or off.
    pub(crate) fn toggle(&mut self, layer: Layer) {
        if !self.0.remove(&layer) {
            self.0.insert(layer);
        }
    }

    /// What differs from the first view, as words between dots.
    fn to_text(&self) -> String {
        let changed = Layer::ALL.into_iter().filter(|layer| self.shows(*layer) != layer.is_shown_at_first());
        changed.map(Layer::as_str).collect::<Vec<_>>().join(".")
    }
}

impl FromStr for Layers {
    type Err = std::convert::Infallible;

    /// Words that this version does not know are skipped.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut layers = Self::default();
        for word in text.split('.') {
            if let Some(layer) = Layer::ALL.into_iter().find(|layer| layer.as_str() == word) {
                layers.toggle(layer);
            }
        }
        Ok(layers)
    }
}

/// The layers of the person, shared by all charts of the page that is open.
#[derive(Clone, Copy)]
pub(crate) struct ShownLayers(RwSignal<Layers>);

impl ShownLayers {
    /// As the person left them in this browser.
    pub(crate) fn remembered() -> Self {
        let layers = remembered(CHART_COOKIE).and_then(|text| text.parse().ok());
        Self(RwSignal::new(layers.unwrap_or_default()))
    }

    /// What is shown now; who reads it is notified of changes.
    pub(crate) fn get(&self) -> Layers {
        self.0.get()
    }

    /// Turns a layer on or off, and remembers it.
    pub(crate) fn toggle(&self, layer: Layer) {
        self.0.update(|layers| layers.toggle(layer));
        let text = self.0.with_untracked(Layers::to_text);
        remember(CHART_COOKIE, (!text.is_empty()).then_some(text.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_turned_off_and_on_comes_back() {
        let mut layers = Layers::default();
        assert!(layers.shows(Layer::Limits) && !layers.shows(Layer::Fitted));
        assert_eq!(layers.to_text(), "");
        for layer in [Layer::Fitted, Layer::Band90] {
            layers.toggle(layer);
        }
        assert_eq!(layers.to_text(), "band-90.fitted");
        assert_eq!("fitted.unknown.band-90".parse(), Ok(layers));
    }
}
