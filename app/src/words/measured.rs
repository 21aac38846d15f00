//! What was measured already, and what is said of a box that is not.

use domain::box_detail::Peers;
use domain::doubtful_peaks::DoubtfulPeak;
use domain::language::Language;
use model::Exceedance;

use super::Words;

impl Words {
    /// How often the limit was passed, and by how much: every figure is of the weeks that passed it, and every week has its
    /// direction.
    pub(crate) fn exceedance(&self, found: &Exceedance) -> String {
        let (exceeded, window) = (found.weeks, found.window_weeks);
        let (week, side) = (self.week(found.peak_week), self.side_of(found.peak_kw));
        let peak = format!("{} ({side})", self.loading_beyond(found.peak_loading.fraction()));
        let all_measured = found.measured_weeks == window;
        let measured = found.measured_weeks;
        let last = found.last_week.map(|last| {
            // Said where it is another one than that of the heaviest week.
            let side = found.last_kw.map(|kw| self.side_of(kw)).filter(|other| *other != side);
            let side = side.map_or_else(String::new, |side| format!(" ({side})"));
            (last == found.peak_week, format!("{}{side}", self.week(last)))
        });
        match self.language {
            Language::English => {
                let of = if all_measured {
                    format!("the last {window} weeks")
                } else {
                    format!("the {measured} weeks measured of the last {window}")
                };
                let most = match last {
                    _ if exceeded == 1 => format!("in {week}"),
                    Some((true, _)) => format!("the last and heaviest in {week}"),
                    Some((false, last)) => format!("the last in {last}, the heaviest in {week}"),
                    None => format!("the heaviest in {week}"),
                };
                format!("Overloaded in {exceeded} of {of}, {most}: {peak}")
            }
            Language::Dutch => {
                let of = if all_measured {
                    format!("de laatste {window} weken")
                } else {
                    format!("de {measured} gemeten weken van de laatste {window}")
                };
                let most = match last {
                    _ if exceeded == 1 => format!("in {week}"),
                    Some((true, _)) => format!("de laatste en zwaarste in {week}"),
                    Some((false, last)) => format!("de laatste in {last}, de zwaarste in {week}"),
                    None => format!("de zwaarste in {week}"),
                };
                format!("Overbelast in {exceeded} van {of}, {most}: {peak}")
            }
        }
    }

    fn side_of(&self, kw: f64) -> &'static str {
        if kw < 0.0 { self.by_feed_in } else { self.by_import }
    }

    /// A loading beyond the limit in percent: with a decimal where it would read as just full.
    fn loading_beyond(&self, fraction: f64) -> String {
        let percent = 100.0 * fraction;
        if (percent - 100.0).abs() >= 0.5 {
            return self.percent(fraction);
        }
        if percent > 100.0 && percent < 100.05 {
            return ">\u{202f}100%".to_owned();
        }
        format!("{}%", self.number(percent, 1))
    }

    /// A peak that the fit takes for less than it was, as a question to the planner.
    pub(crate) fn doubtful_peak(&self, peak: &DoubtfulPeak) -> String {
        let (direction, kw) = (self.direction(peak.extreme), self.kw(peak.kw));
        match self.language {
            Language::English => format!("{direction} of {kw}, counted for less: a fault or real?"),
            Language::Dutch => format!("{direction} van {kw}, minder zwaar meegeteld: storing of echt?"),
        }
    }

    /// The same in a cell of the list.
    pub(crate) fn exceedance_short(&self, found: &Exceedance) -> String {
        let (exceeded, measured) = (found.weeks, found.measured_weeks);
        let peak = self.loading_beyond(found.peak_loading.fraction());
        match self.language {
            Language::English => format!("{peak}, {exceeded} of {measured} weeks"),
            Language::Dutch => format!("{peak}, {exceeded} van {measured} weken"),
        }
    }

    /// The highest measured loading beyond the limit, where there is room for little.
    pub(crate) fn exceedance_shortest(&self, found: &Exceedance) -> String {
        let peak = self.loading_beyond(found.peak_loading.fraction());
        match self.language {
            Language::English => format!("measured {peak}"),
            Language::Dutch => format!("gemeten {peak}"),
        }
    }

    /// What the forecast says, below what was measured.
    pub(crate) fn ahead(&self, heading: &str) -> String {
        format!("{}: {}", self.forecast, lower_first(heading))
    }

    /// Where a box without a forecast says why.
    pub(crate) fn reasons_below(&self) -> &'static str {
        match self.language {
            Language::English => "The reasons are given below.",
            Language::Dutch => "De redenen staan hieronder.",
        }
    }

    /// What boxes like one that is not measured come to.
    pub(crate) fn peers(&self, peers: Option<&Peers>) -> String {
        let Some(peers) = peers else {
            return match self.language {
                Language::English => "Too few boxes are measured to say anything of boxes like it.",
                Language::Dutch => {
                    "Er zijn te weinig boxen gemeten om iets over vergelijkbare boxen te zeggen."
                }
            }
            .to_owned();
        };
        let boxes = self.count(peers.boxes);
        let one_in = self.one_in(peers.share());
        let until = self.week(peers.until);
        let kva = peers.capacity_kva.map(|kva| self.kva(kva));
        match (self.language, kva) {
            (Language::English, Some(kva)) => format!(
                "Of boxes like it (the {boxes} measured ones of {kva}) {one_in} is to be expected to be overloaded at least \
                 once up to {until}."
            ),
            (Language::English, None) => format!(
                "Too few boxes of its capacity are measured; of all {boxes} measured boxes {one_in} is to be expected to be \
                 overloaded at least once up to {until}."
            ),
            (Language::Dutch, Some(kva)) => format!(
                "Van vergelijkbare boxen (de {boxes} gemeten boxen van {kva}) raakt naar verwachting {one_in} tot en met {until} \
                 minstens één keer overbelast."
            ),
            (Language::Dutch, None) => format!(
                "Er zijn te weinig boxen van dit vermogen gemeten; van alle {boxes} gemeten boxen raakt naar verwachting {one_in} \
                 tot en met {until} minstens één keer overbelast."
            ),
        }
    }

    /// A share as one of so many: `1 in 5`; `fewer than 1 in 1,000`.
    fn one_in(&self, share: f64) -> String {
        let (among, fewer, more) = match self.language {
            Language::English => ("in", "fewer than", "more than"),
            Language::Dutch => ("op de", "minder dan", "meer dan"),
        };
        match share {
            share if share < 0.001 => format!("{fewer} 1 {among} {}", self.number(1_000.0, 0)),
            // Two figures beyond one in ten, so that one in 3 is not said of two in 5.
            share if share > 0.9 => format!("{more} 9 {among} 10"),
            share if share > 0.28 => format!("{} {among} 10", (10.0 * share).round()),
            share => format!("1 {among} {}", self.number((1.0 / share).round(), 0)),
        }
    }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use model::{IsoWeek, Loading};

    use super::*;

    fn exceedance(weeks: u32, measured_weeks: u32, peak_kw: f64) -> Exceedance {
        let week = |number| IsoWeek::from_year_and_number(2026, number).unwrap();
        Exceedance {
            weeks,
            measured_weeks,
            window_weeks: 8,
            until: week(47),
            peak_loading: Loading::of(peak_kw, 400.0).unwrap(),
            peak_kw,
            peak_week: week(41),
            last_week: Some(week(46)),
            last_kw: Some(410.0),
        }
    }

    #[test]
    fn what_was_measured_is_one_sentence_in_either_language() {
        let (english, dutch) = (Words::of(Language::English), Words::of(Language::Dutch));
        let often = exceedance(6, 8, 464.0);
        assert_eq!(
            english.exceedance(&often),
            "Overloaded in 6 of the last 8 weeks, the last in week\u{a0}46, 2026, the heaviest in week\u{a0}41, 2026: 116% \
             (import)"
        );
        assert_eq!(
            dutch.exceedance(&often),
            "Overbelast in 6 van de laatste 8 weken, de laatste in week\u{a0}46, 2026, de zwaarste in week\u{a0}41, 2026: 116% \
             (afname)"
        );
        let once = exceedance(1, 5, -440.0);
        assert_eq!(
            english.exceedance(&once),
            "Overloaded in 1 of the 5 weeks measured of the last 8, in week\u{a0}41, 2026: 110% (feed-in)"
        );
        let mixed = Exceedance { last_kw: Some(-410.0), ..often };
        assert!(
            english.exceedance(&mixed).contains("the last in week\u{a0}46, 2026 (feed-in), the heaviest in")
        );
        assert!(
            dutch
                .exceedance(&mixed)
                .contains("de laatste in week\u{a0}46, 2026 (teruglevering), de zwaarste in")
        );
        assert_eq!(english.exceedance_short(&often), "116%, 6 of 8 weeks");
        assert_eq!(english.exceedance_shortest(&often), "measured 116%");
    }

    #[test]
    fn a_limit_that_was_just_passed_does_not_read_as_just_reached() {
        let said = |kw: f64| Words::of(Language::English).exceedance_short(&exceedance(1, 8, kw));
        assert_eq!(said(401.3), "100.3%, 1 of 8 weeks");
        assert_eq!(said(400.04), ">\u{202f}100%, 1 of 8 weeks");
        assert_eq!(said(399.0), "99.8%, 1 of 8 weeks", "beyond a limit below the capacity");
        assert_eq!(said(412.0), "103%, 1 of 8 weeks");
    }

    #[test]
    fn boxes_like_it_are_reported_as_one_of_so_many() {
        let words = Words::of(Language::English);
        let until = IsoWeek::from_year_and_number(2027, 21).unwrap();
        let peers =
            |capacity_kva, expected_overloads| Peers { capacity_kva, boxes: 120, expected_overloads, until };
        assert_eq!(
            words.peers(Some(&peers(Some(400.0), 24.0))),
            "Of boxes like it (the 120 measured ones of 400\u{a0}kVA) 1 in 5 is to be expected to be overloaded at least once up \
             to week\u{a0}21, 2027."
        );
        assert!(words.peers(Some(&peers(None, 48.0))).contains("of all 120 measured boxes 4 in 10 is"));
        assert!(words.peers(None).starts_with("Too few boxes"));
        assert_eq!(words.one_in(0.0), "fewer than 1 in 1,000");
        assert_eq!(words.one_in(0.99), "more than 9 in 10");
    }

    /// The words never stray from the share by more than a fifth of it.
    #[test]
    fn one_of_so_many_is_near_the_share() {
        let words = Words::of(Language::English);
        for thousandths in 1..=900 {
            let share = f64::from(thousandths) / 1_000.0;
            let shown = words.one_in(share).replace(',', "");
            let (some, of) = shown.split_once(" in ").unwrap();
            let shown = some.parse::<f64>().unwrap() / of.parse::<f64>().unwrap();
            assert!((shown / share - 1.0).abs() < 0.2, "{share}: {shown}");
        }
    }
}
