//! The weeks that the forecast does not take as they are: found or decided, and what a planner makes of them.

use domain::box_detail::{SpecialWeeks, WeekDecision};
use domain::doubtful_peaks::DoubtfulPeak;
use domain::week_span::WeekSpan;
use leptos::html::Button;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::{
    BoxId,
    switching::{LevelShift, Switching, SwitchingKind},
};

use super::renewal::{Renewal, Stage};
use crate::account::may_decide;
use crate::api::functions::{decide_weeks, withdraw_decisions};
use crate::erased_view::IntoErased as _;
use crate::words::{Words, use_words};

/// One line of the list.
#[derive(Clone)]
struct Line {
    span: WeekSpan,
    what: String,
    /// Whether the forecast leaves the weeks out; nothing where there is no choice.
    left_out: Option<bool>,
    /// Whether a planner is asked what they are.
    is_doubtful: bool,
    /// Whether a planner has decided on them.
    is_decided: bool,
}

impl Line {
    /// Without a forecast weeks are neither left out nor do they count.
    fn without_forecast(&mut self) {
        self.left_out = None;
    }
}

/// What a button makes of some weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judgement {
    /// They are left out of the fit.
    LeaveOut,
    /// They count whatever was detected.
    LetCount,
    /// What was decided is withdrawn.
    AsModelDecides,
}

/// Switchings, level shifts and decisions, each with its weeks; switchings can be let count, or left out.
#[component]
pub(super) fn SpecialWeeksBox(
    /// The box.
    box_id: BoxId,
    /// What was found and decided.
    special: SpecialWeeks,
    /// Peaks that the fit takes for less than they were.
    peaks: Vec<DoubtfulPeak>,
    /// Whether there is a forecast that weeks can count in.
    has_forecast: bool,
) -> impl IntoView {
    let words = use_words();
    let mut lines = lines(&special, &peaks, words);
    if !has_forecast {
        lines.iter_mut().for_each(Line::without_forecast);
    }
    (!lines.is_empty())
        .then(|| {
            let item = |line: Line| {
                let span = words.span(line.span.first, line.span.last);
                let state =
                    line.left_out.map(|left_out| if left_out { words.left_out } else { words.counted });
                let turned = line
                    .left_out
                    .map(|left_out| if left_out { Judgement::LetCount } else { Judgement::LeaveOut });
                let withdrawn = line.is_decided.then_some(Judgement::AsModelDecides);
                let choices: Vec<_> = turned
                    .into_iter()
                    .chain(withdrawn)
                    .filter(|_| may_decide())
                    .map(|judgement| view! { <Choice box_id=box_id.clone() weeks=line.span judgement /> })
                    .collect();
                let question =
                    line.is_doubtful.then(|| view! { <FaultOrReal box_id=box_id.clone() weeks=line.span /> });
                view! {
                    <li>
                        <strong>{line.what}</strong>
                        <span>{span}</span>
                        <span class="special-state">{state}</span>
                        {(!choices.is_empty() || question.is_some())
                            .then(|| view! { <span class="special-choices">{choices} {question}</span> })}
                    </li>
                }
            };
            let renewal = use_context::<Renewal>();
            let shown = move || match renewal.map(|renewal| renewal.stage()) {
                Some(Stage::Awaited) => words.decision_awaited,
                Some(Stage::Later) => words.decision_later,
                Some(Stage::Settled) | None => "",
            };
            view! {
                <section class="facts special-weeks" aria-labelledby="special-weeks">
                    <h2 id="special-weeks">{words.special_weeks}</h2>
                    <ul>{lines.into_iter().map(item).collect_view()}</ul>
                <p role="status">{shown}</p>
                </section>
            }
        })
        .into_erased()
}

/// Both answers to the question whether a peak was a fault or real, for whoever may decide.
#[component]
pub(super) fn FaultOrReal(
    /// The box.
    box_id: BoxId,
    /// The weeks that are asked about.
    weeks: WeekSpan,
) -> impl IntoView {
    let answers = [Judgement::LeaveOut, Judgement::LetCount];
    may_decide()
        .then(|| answers.map(|judgement| view! { <Choice box_id=box_id.clone() weeks judgement /> }))
        .into_erased()
}

/// A button that decides on weeks or withdraws what was decided, and what comes of it.
#[component]
fn Choice(
    /// The box.
    box_id: BoxId,
    /// The weeks.
    weeks: WeekSpan,
    /// What the button makes of them.
    judgement: Judgement,
) -> impl IntoView {
    let words = use_words();
    let renewal = use_context::<Renewal>();
    // Counted references: the button's effects may outlive this view by a moment when the new forecast replaces it.
    let pending = ArcRwSignal::new(false);
    let refusal = ArcRwSignal::new(String::new());
    let pressed = (weeks.first, weeks.last);
    let button = NodeRef::<Button>::new();
    Effect::new(move |_| {
        if let Some(button) = button.get()
            && renewal.is_some_and(|renewal| renewal.takes_keyboard(pressed))
        {
            request_animation_frame(move || {
                let _ = button.focus();
            });
        }
    });
    let label = match judgement {
        Judgement::LeaveOut => words.leave_out,
        Judgement::LetCount => words.let_count,
        Judgement::AsModelDecides => words.as_model_decides,
    };
    let is_disabled = {
        let pending = pending.clone();
        move || pending.get() || renewal.is_some_and(|renewal| renewal.stage() == Stage::Awaited)
    };
    let shown = refusal.clone();
    let decide = move |_| {
        let (box_id, pending, refusal) = (box_id.clone(), pending.clone(), refusal.clone());
        pending.set(true);
        spawn_local(async move {
            let done = match judgement {
                Judgement::LeaveOut => decide_weeks(box_id, WeekDecision::new(weeks, true)).await,
                Judgement::LetCount => decide_weeks(box_id, WeekDecision::new(weeks, false)).await,
                Judgement::AsModelDecides => withdraw_decisions(box_id, weeks).await,
            };
            match (done, renewal) {
                (Ok(()), Some(renewal)) => renewal.begin(pressed),
                (Ok(()), None) => {}
                (Err(error), _) => refusal.set(words.error(&error)),
            }
            pending.set(false);
        });
    };
    view! {
        <button type="button" node_ref=button class="button with-script" disabled=is_disabled on:click=decide>
            {label}
        </button>
        <span role="alert">{move || shown.get()}</span>
    }
}

/// What was found, in the order of time, then what planners decided beside it.
fn lines(special: &SpecialWeeks, peaks: &[DoubtfulPeak], words: &Words) -> Vec<Line> {
    let is_decided = |span: WeekSpan| special.decisions.iter().any(|decision| decision.span().overlaps(span));
    let is_left_out = |span: WeekSpan| special.left_out.iter().any(|left_out| left_out.overlaps(span));
    let switchings = special.findings.switchings.iter().map(|switching: &Switching| {
        let kind = match switching.kind {
            SwitchingKind::ExtraLoad => words.extra_load,
            SwitchingKind::Relief => words.relief,
        };
        let span = WeekSpan::from(switching);
        let what = step(kind, switching.step_kw_max, words);
        let (left_out, is_decided) = (Some(is_left_out(span)), is_decided(span));
        Line { span, what, left_out, is_doubtful: false, is_decided }
    });
    let shifts = special.findings.level_shifts.iter().map(|shift: &LevelShift| Line {
        span: WeekSpan::new(shift.from, shift.from),
        what: step(words.level_shift, shift.step_kw_max, words),
        left_out: None,
        is_doubtful: false,
        is_decided: false,
    });
    let is_found = |decision: &WeekDecision| {
        special.findings.switchings.iter().any(|found| WeekSpan::from(found).overlaps(decision.span()))
    };
    let decided = special.decisions.iter().filter(|decision| !is_found(decision));
    let decided = decided.map(|decision| Line {
        span: decision.span(),
        what: if decision.left_out { words.decided } else { words.trusted_peak }.to_owned(),
        left_out: Some(decision.left_out),
        is_doubtful: false,
        is_decided: true,
    });
    let doubtful = peaks.iter().map(|peak| Line {
        span: WeekSpan::new(peak.week, peak.week),
        what: words.doubtful_peak(peak),
        left_out: None,
        is_doubtful: true,
        is_decided: false,
    });
    let mut lines: Vec<Line> = switchings.chain(shifts).chain(decided).chain(doubtful).collect();
    lines.sort_by_key(|line| line.span.first);
    lines
}

/// Weeks that count in the forecast but need not, each with what they are.
pub(super) fn counted_weeks(
    special: &SpecialWeeks,
    peaks: &[DoubtfulPeak],
    words: &Words,
) -> Vec<(WeekSpan, String)> {
    let counts = |line: &Line| line.left_out == Some(false) || line.is_doubtful;
    lines(special, peaks, words).into_iter().filter(counts).map(|line| (line.span, line.what)).collect()
}

/// What happened, and by how much the maximum moved.
fn step(what: &str, kw: f64, words: &Words) -> String {
    let sign = if kw > 0.0 { "+" } else { "" };
    format!("{what} ({sign}{})", words.kw(kw))
}

#[cfg(test)]
mod tests {
    use domain::language::Language;
    use model::IsoWeek;
    use model::switching::Findings;

    use super::*;

    #[test]
    fn without_a_forecast_no_week_counts() {
        let span = WeekSpan::new(IsoWeek::from_index(100), IsoWeek::from_index(104));
        let special =
            SpecialWeeks { decisions: vec![WeekDecision::new(span, true)], ..SpecialWeeks::default() };
        let mut lines = lines(&special, &[], Words::of(Language::English));
        lines.iter_mut().for_each(Line::without_forecast);
        assert_eq!(
            (lines[0].left_out, lines[0].is_decided),
            (None, true),
            "a decision can be withdrawn all the same"
        );
    }

    #[test]
    fn a_switching_that_is_overruled_counts_and_a_shift_leaves_no_choice() {
        let week = IsoWeek::from_index;
        let switching = |first: i32| Switching {
            first: week(first),
            last: week(first + 4),
            kind: SwitchingKind::ExtraLoad,
            step_kw_max: 80.0,
            step_kw_min: 20.0,
            strength: 30.0,
            ended: true,
        };
        let shift = LevelShift { from: week(150), step_kw_max: -40.0, step_kw_min: 0.0, strength: 9.0 };
        let findings =
            Findings { switchings: vec![switching(100), switching(200)], level_shifts: vec![shift] };
        let decided =
            |first, left_out| WeekDecision::new(WeekSpan::new(week(first), week(first + 4)), left_out);
        let special = SpecialWeeks {
            findings,
            decisions: vec![decided(200, false), decided(50, true)],
            left_out: vec![WeekSpan::new(week(100), week(104)), WeekSpan::new(week(50), week(54))],
        };
        let peak = DoubtfulPeak { week: week(170), extreme: model::Extreme::Max, kw: 464.0 };
        let lines = lines(&special, &[peak], Words::of(Language::English));
        let shown: Vec<(i32, Option<bool>)> =
            lines.iter().map(|line| (line.span.first.index(), line.left_out)).collect();
        assert_eq!(
            shown,
            [(50, Some(true)), (100, Some(true)), (150, None), (170, None), (200, Some(false))]
        );
        let decided: Vec<bool> = lines.iter().map(|line| line.is_decided).collect();
        assert_eq!(decided, [true, false, false, false, true], "what was decided can be withdrawn");
        let counted: Vec<i32> = counted_weeks(&special, &[peak], Words::of(Language::English))
            .iter()
            .map(|(span, _)| span.first.index())
            .collect();
        assert_eq!(counted, [170, 200], "what is left out already, and a shift, can't be left out");
        assert!(lines[3].is_doubtful && lines[3].what.starts_with("Import of 464"), "{}", lines[3].what);
        assert!(lines[1].what.contains("+80") && lines[2].what.contains("40"), "{}", lines[1].what);
    }
}
