//! Asking the model: what if these weeks are left out, the transformer is another one, chargers, heat pumps
//! or panels are added?
//!
//! An [`Inquiry`] holds a transformer's two series and their fits; each [`Question`] to it is answered in a
//! millisecond or, where weeks are left out and the series are fitted again, a few. [`ask`] does both in one
//! call. All of it is arithmetic, the same natively and in the browser.
//!
//! | file | what |
//! | --- | --- |
//! | `quantity` | how many, how large, which share: checked numbers |
//! | `simultaneity` | how much of many appliances runs at once |
//! | `season` | cold and sun over the year |
//! | `technology`, `growth`, `extra_load` | what is added to the weekly extremes, and from when on |
//! | `inquiry`, `answer` | the question and its answer |

mod answer;
mod extra_load;
mod growth;
mod inquiry;
mod quantity;
mod season;
mod simultaneity;
mod technology;

pub use answer::{Answer, Difference};
pub use extra_load::{ExtraLoad, added_kw};
pub use growth::{Growth, GrowthError};
pub use inquiry::{Inquiry, Models, Question, QuestionError, Transformer, ask};
pub use quantity::{Count, CountError, PowerError, RatedPower, Threshold, ThresholdError};
pub use technology::Technology;
