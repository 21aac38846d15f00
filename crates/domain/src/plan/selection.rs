//! Which replacements avoid the most weeks above the limit for a budget: a knapsack, solved exactly.

/// A replacement that is chosen or not. Whole numbers, so that sums have no order and ties are ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// What it costs, in cents.
    pub cents: u64,
    /// What it avoids, in billionths of a week.
    pub nanoweeks: u64,
}

/// Some of the items, as it is built: what it holds in all, and the last choice that led to it.
#[derive(Debug, Clone, Copy)]
struct Choice {
    cents: u128,
    nanoweeks: u128,
    /// A place in the list of links; none for an empty choice.
    last: Option<u32>,
}

/// An item that was taken, and the choice before it.
#[derive(Debug, Clone, Copy)]
struct Link {
    item: usize,
    before: Option<u32>,
}

/// The places, ascending, of the items that avoid the most for at most the budget.
///
/// A branch and bound over the items in the order of what they avoid per cent (as Pisinger 1997, *A minimal algorithm
/// for the 0-1 knapsack problem*): all open choices go from item to item side by side. One that costs no less and
/// avoids no more than another is dropped, and so is one that can't beat the best known even if the item at which the
/// money ends could be bought in part. The same items in the same order always give the same answer; of items that are
/// alike the earlier are taken.
pub fn most_avoided(items: &[Item], budget_cents: u64) -> Vec<usize> {
    let may_help = |item: &Item| item.nanoweeks > 0 && item.cents <= budget_cents;
    let mut order: Vec<usize> = (0..items.len()).filter(|&place| may_help(&items[place])).collect();
    // By v / w descending, without a division: v₁ w₂ against v₂ w₁.
    order.sort_by(|&a, &b| {
        let product = |value: &Item, weight: &Item| u128::from(value.nanoweeks) * u128::from(weight.cents);
        let (a, b) = (&items[a], &items[b]);
        product(b, a).cmp(&product(a, b)).then(a.cents.cmp(&b.cents))
    });
    let sorted: Vec<Item> = order.iter().map(|&place| items[place]).collect();
    let mut taken = Search::new(&sorted, budget_cents.into()).run();
    taken.iter_mut().for_each(|place| *place = order[*place]);
    taken.sort_unstable();
    taken
}

/// The search among items that are sorted by what they avoid per cent.
struct Search<'a> {
    items: &'a [Item],
    budget_cents: u128,
    /// What the first items cost and avoid together, one more entry than items.
    sums: Vec<(u128, u128)>,
    links: Vec<Link>,
    /// The best known: what it avoids, the choice that it begins with, and the items that are simply taken after it.
    best: (u128, Option<u32>, std::ops::Range<usize>),
}

impl<'a> Search<'a> {
    fn new(items: &'a [Item], budget_cents: u128) -> Self {
        let mut sums = vec![(0, 0)];
        let (mut cents, mut nanoweeks) = (0, 0);
        for item in items {
            cents += u128::from(item.cents);
            nanoweeks += u128::from(item.nanoweeks);
            sums.push((cents, nanoweeks));
        }
        Self { items, budget_cents, sums, links: Vec::new(), best: (0, None, 0..0) }
    }

    fn run(mut self) -> Vec<usize> {
        let mut open = vec![Choice { cents: 0, nanoweeks: 0, last: None }];
        open.retain(|choice| self.is_worth_it(choice, 0));
        for place in 0..self.items.len() {
            if open.is_empty() {
                break;
            }
            open = self.branch(&open, place);
        }
        let (_, mut last, after) = self.best;
        let mut taken: Vec<usize> = after.collect();
        while let Some(Link { item, before }) = last.map(|last| self.links[last as usize]) {
            taken.push(item);
            last = before;
        }
        taken
    }

    /// The choices without and with an item, the cheapest first, each dearer one avoiding more.
    fn branch(&mut self, open: &[Choice], place: usize) -> Vec<Choice> {
        let item = self.items[place];
        let with = |choice: &Choice| Choice {
            cents: choice.cents + u128::from(item.cents),
            nanoweeks: choice.nanoweeks + u128::from(item.nanoweeks),
            last: choice.last,
        };
        let (mut without, mut taking) = (open.iter().peekable(), open.iter().map(with).peekable());
        let mut next = Vec::with_capacity(open.len() + 1);
        let mut most = None;
        loop {
            let key = |choice: &Choice| (choice.cents, std::cmp::Reverse(choice.nanoweeks));
            let takes = match (without.peek(), taking.peek()) {
                (None, None) => return next,
                (Some(_), None) => false,
                (None, Some(_)) => true,
                (Some(without), Some(taking)) => key(taking) <= key(without),
            };
            let choice = if takes { taking.next() } else { without.next().copied() };
            let Some(choice) = choice else { return next };
            let is_dominated = most.is_some_and(|most| choice.nanoweeks <= most);
            if is_dominated || choice.cents > self.budget_cents {
                continue;
            }
            most = Some(choice.nanoweeks);
            let mut kept = choice;
            if takes {
                // Only the choices that stay have a link.
                kept.last = Some(self.links.len() as u32);
                self.links.push(Link { item: place, before: choice.last });
            }
            if self.is_worth_it(&kept, place + 1) {
                next.push(kept);
            }
        }
    }

    /// Whether a choice among the items before a place can still beat the best known. What it comes to when the items
    /// from there on are taken for as long as the money lasts may be the best itself.
    fn is_worth_it(&mut self, choice: &Choice, from: usize) -> bool {
        let left_cents = self.budget_cents - choice.cents;
        let (spent, avoided) = self.sums[from];
        let affordable = |sum: &(u128, u128)| sum.0 - spent <= left_cents;
        let end = from + self.sums[from..].partition_point(affordable) - 1;
        let (cents, nanoweeks) = (self.sums[end].0 - spent, self.sums[end].1 - avoided);
        let reached = choice.nanoweeks + nanoweeks;
        if reached > self.best.0 {
            self.best = (reached, choice.last, from..end);
        }
        let Some(next) = self.items.get(end) else { return false };
        // The money that is left is less than the next item's price, so the product fits.
        let part = u128::from(next.nanoweeks) * (left_cents - cents) / u128::from(next.cents.max(1));
        reached + part > self.best.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum(items: &[Item], chosen: &[usize]) -> (u64, u64) {
        let of = |read: fn(&Item) -> u64| chosen.iter().map(|&place| read(&items[place])).sum();
        (of(|item| item.cents), of(|item| item.nanoweeks))
    }

    /// The most that any of all subsets avoids.
    fn by_exhaustion(items: &[Item], budget_cents: u64) -> u64 {
        let subsets = 0..1_u32 << items.len();
        let chosen = |subset: u32| -> Vec<usize> {
            (0..items.len()).filter(|place| subset >> place & 1 == 1).collect()
        };
        let sums = subsets.map(|subset| sum(items, &chosen(subset)));
        sums.filter(|(cents, _)| *cents <= budget_cents).map(|(_, avoided)| avoided).max().unwrap_or(0)
    }

    /// Few prices, as a list of ratings has, or any; what is avoided with many ties, or any.
    fn fleets() -> impl Strategy<Value = (Vec<Item>, u64)> {
        let prices = prop_oneof![
            prop::sample::select(vec![900_000_u64, 1_000_000, 1_200_000, 1_500_000, 1_900_000]),
            0_u64..2_000_000
        ];
        let avoided = prop_oneof![0_u64..4, 0_u64..27_000_000_000];
        let item = (prices, avoided).prop_map(|(cents, nanoweeks)| Item { cents, nanoweeks });
        (prop::collection::vec(item, 0..13), 0_u64..12_000_000)
    }

    proptest! {
        #[test]
        fn what_is_chosen_equals_exhaustive_search((items, budget) in fleets()) {
            let chosen = most_avoided(&items, budget);
            prop_assert!(chosen.is_sorted_by(|a, b| a < b));
            let (cents, avoided) = sum(&items, &chosen);
            prop_assert!(cents <= budget);
            prop_assert_eq!(avoided, by_exhaustion(&items, budget));
            prop_assert_eq!(chosen, most_avoided(&items, budget));
        }
    }

    fn drawn(count: usize, prices: &[u64]) -> Vec<Item> {
        let mut state = 11_u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        let item = |_| Item { cents: prices[draw() as usize % prices.len()], nanoweeks: draw() * 12 };
        (0..count).map(item).collect()
    }

    /// Against the table of all sums of money, in whole thousands of euros.
    #[test]
    fn a_large_fleet_equals_dynamic_programming_over_all_sums_of_money() {
        let items = drawn(4_000, &[900_000, 1_000_000, 1_200_000, 1_500_000, 1_900_000]);
        for budget in [5_000_000, 250_000_000, 1_234_500_000, 6_000_000_000] {
            let mut table = vec![0_u64; (budget / 100_000) as usize + 1];
            for item in &items {
                let step = (item.cents / 100_000) as usize;
                for money in (step..table.len()).rev() {
                    table[money] = table[money].max(table[money - step] + item.nanoweeks);
                }
            }
            assert_eq!(sum(&items, &most_avoided(&items, budget)).1, table[table.len() - 1], "{budget}");
        }
    }

    #[test]
    fn prices_that_are_no_round_sums_take_no_longer() {
        let items = drawn(4_000, &[912_345, 1_034_567, 1_198_701, 1_503_433, 1_912_307, 2_500_001]);
        let chosen = most_avoided(&items, 700_000_003);
        assert!(sum(&items, &chosen).0 <= 700_000_003 && chosen.len() > 500);
        // Where nearly all can be had, what is left out is the least.
        let all: u64 = items.iter().map(|item| item.cents).sum();
        assert_eq!(most_avoided(&items, all).len(), items.iter().filter(|item| item.nanoweeks > 0).count());
    }

    #[test]
    fn what_costs_nothing_is_taken_and_what_avoids_nothing_is_not() {
        let item = |cents, nanoweeks| Item { cents, nanoweeks };
        assert_eq!(most_avoided(&[item(0, 3), item(0, 0), item(5, 9)], 0), [0]);
        assert_eq!(most_avoided(&[], 100), [0; 0]);
        // Of two that are alike the first; sums beyond all numbers are no sums.
        assert_eq!(most_avoided(&[item(5, 9), item(5, 9)], 9), [0]);
        assert_eq!(most_avoided(&[item(u64::MAX, u64::MAX), item(u64::MAX, 1)], u64::MAX), [0]);
    }
}
