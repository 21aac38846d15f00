//! Announced once, delivered at least once, given up eventually.

use chrono::TimeDelta;
use gridspark::notification::Delivered;
use store::{NoticeCounts, Store, Subscription};

use super::{SECRET, at, failure, notifier, webhook};
use crate::on_both_databases;
use crate::support::TestStore;
use crate::support::receiver::{Answer, Receiver};

const NOW: &str = "2026-11-23T06:00:00Z";

const ARRIVED: Delivered = Delivered { arrived: 1, released: 0, given_up: 0 };
const RELEASED: Delivered = Delivered { arrived: 0, released: 1, given_up: 0 };
const GIVEN_UP: Delivered = Delivered { arrived: 0, released: 0, given_up: 1 };
const NOTHING: Delivered = Delivered { arrived: 0, released: 0, given_up: 0 };

on_both_databases! {
    async fn what_is_announced_twice_by_two_is_reported_each_receiver_once(test: &TestStore) {
        let (one, other) = (Receiver::start().await, Receiver::start().await);
        let lines = webhook("one", "slack", &one.address) + &webhook("other", "teams", &other.address);
        let second = Store::open(&test.url).await.unwrap();
        let (first, second) = (notifier(&test.store, &lines), notifier(&second, &lines));
        let now = at(NOW);
        assert!(test.store.announce(&failure(1), now).await.unwrap());
        assert!(!test.store.announce(&failure(1), now + TimeDelta::seconds(3)).await.unwrap());
        let (a, b) = tokio::join!(first.deliver_due(now), second.deliver_due(now));
        assert_eq!(a.unwrap().arrived + b.unwrap().arrived, 2);
        for notifier in [&first, &second] {
            assert_eq!(notifier.deliver_due(now + TimeDelta::hours(1)).await.unwrap(), NOTHING);
        }
        assert_eq!((one.received().len(), other.received().len()), (1, 1));
        assert_eq!(one.received()[0].path, format!("/{SECRET}"));
        assert_eq!(test.store.notice_counts(now).await.unwrap(), NoticeCounts::default());
    }
}

on_both_databases! {
    async fn a_receiver_that_fails_is_tried_again_after_ever_longer_rests(test: &TestStore) {
        let receiver = Receiver::start().await;
        receiver.answers([Answer::status(500), Answer::status(503)]);
        let notifier = notifier(&test.store, &webhook("a", "slack", &receiver.address));
        let now = at(NOW);
        test.store.announce(&failure(1), now).await.unwrap();
        assert_eq!(notifier.deliver_due(now).await.unwrap(), RELEASED);
        assert_eq!(test.store.notice_counts(now).await.unwrap().undelivered, 1);
        assert_eq!(notifier.deliver_due(now + TimeDelta::seconds(10)).await.unwrap(), NOTHING);
        assert_eq!(notifier.deliver_due(now + TimeDelta::seconds(20)).await.unwrap(), RELEASED);
        assert_eq!(notifier.deliver_due(now + TimeDelta::seconds(45)).await.unwrap(), NOTHING, "the second rest is longer");
        assert_eq!(notifier.deliver_due(now + TimeDelta::seconds(55)).await.unwrap(), ARRIVED);
        assert_eq!(receiver.received().len(), 3);
    }
}

on_both_databases! {
    async fn a_receiver_that_is_away_gets_it_when_it_is_back(test: &TestStore) {
        let place = {
            let gone = Receiver::start().await;
            gone.address.trim_start_matches("http://").to_owned()
        };
        let notifier = notifier(&test.store, &webhook("a", "slack", &format!("http://{place}")));
        let now = at(NOW);
        test.store.announce(&failure(1), now).await.unwrap();
        assert_eq!(notifier.deliver_due(now).await.unwrap(), RELEASED);
        let back = Receiver::on(&place).await;
        assert_eq!(notifier.deliver_due(now + TimeDelta::seconds(20)).await.unwrap(), ARRIVED);
        assert_eq!(back.received().len(), 1);
    }
}

on_both_databases! {
    async fn a_receiver_that_asks_for_patience_gets_it(test: &TestStore) {
        let receiver = Receiver::start().await;
        let asked = |rest: &str| Answer { headers: vec![("retry-after", rest.to_owned())], ..Answer::status(429) };
        receiver.answers([asked("600"), asked("Mon, 23 Nov 2026 06:30:00 GMT")]);
        let notifier = notifier(&test.store, &webhook("a", "slack", &receiver.address));
        let now = at(NOW);
        test.store.announce(&failure(1), now).await.unwrap();
        assert_eq!(notifier.deliver_due(now).await.unwrap(), RELEASED);
        assert_eq!(notifier.deliver_due(now + TimeDelta::seconds(590)).await.unwrap(), NOTHING);
        assert_eq!(notifier.deliver_due(now + TimeDelta::seconds(602)).await.unwrap(), RELEASED);
        assert_eq!(notifier.deliver_due(now + TimeDelta::minutes(29)).await.unwrap(), NOTHING);
        assert_eq!(notifier.deliver_due(now + TimeDelta::minutes(31)).await.unwrap(), ARRIVED);
    }
}

on_both_databases! {
    async fn what_cannot_be_mended_is_given_up_at_once_and_what_takes_too_long_in_the_end(test: &TestStore) {
        let receiver = Receiver::start().await;
        let notifier = notifier(&test.store, &webhook("a", "slack", &receiver.address));
        let now = at(NOW);
        for (run, status) in [(1, 404), (2, 400), (3, 302), (4, 410)] {
            receiver.answers([Answer::status(status)]);
            test.store.announce(&failure(run), now).await.unwrap();
            assert_eq!(notifier.deliver_due(now).await.unwrap(), GIVEN_UP, "status {status}");
        }
        assert_eq!(notifier.deliver_due(now + TimeDelta::hours(2)).await.unwrap(), NOTHING);
        assert_eq!(receiver.received().len(), 4, "none is tried again");
        receiver.answers((0..100).map(|_| Answer::status(500)));
        test.store.announce(&failure(5), now).await.unwrap();
        let (mut later, mut attempts) = (now, 0);
        let last = loop {
            let delivered = notifier.deliver_due(later).await.unwrap();
            if delivered != NOTHING {
                attempts += 1;
            }
            if delivered.given_up > 0 {
                break later;
            }
            later += TimeDelta::minutes(10);
            assert!(later < now + TimeDelta::hours(25), "it is given up after a day");
        };
        assert!(last > now + TimeDelta::hours(22) && (20..45).contains(&attempts), "{attempts} until {last}");
        let counts = NoticeCounts { undelivered: 0, given_up: 5 };
        assert_eq!(test.store.notice_counts(later).await.unwrap(), counts);
    }
}

on_both_databases! {
    async fn who_goes_away_between_claim_and_answer_leaves_it_to_the_next(test: &TestStore) {
        let receiver = Receiver::start().await;
        let notifier = notifier(&test.store, &webhook("a", "slack", &receiver.address));
        let now = at(NOW);
        test.store.announce(&failure(1), now).await.unwrap();
        let kinds = domain::notices::NoticeKind::ALL.into();
        let subscription = Subscription { webhook: "a", kinds: &kinds };
        test.store.open_deliveries(&subscription, now - TimeDelta::days(1), now - TimeDelta::days(2), now).await.unwrap();
        let lease = now + TimeDelta::seconds(60);
        let late = test.store.claim_delivery("a", lease, now).await.unwrap().unwrap();
        assert_eq!(notifier.deliver_due(now + TimeDelta::seconds(30)).await.unwrap(), NOTHING);
        assert_eq!(notifier.deliver_due(now + TimeDelta::seconds(61)).await.unwrap(), ARRIVED);
        // It was slow, not dead: its result comes too late.
        test.store.fail_delivery(&late, "it answered 404", now).await.unwrap();
        assert_eq!(test.store.notice_counts(now).await.unwrap(), NoticeCounts::default());
    }
}

on_both_databases! {
    async fn what_waits_for_a_webhook_that_is_configured_no_more_is_given_up_in_the_end(test: &TestStore) {
        let receiver = Receiver::start().await;
        receiver.answers([Answer::status(500)]);
        let now = at(NOW);
        test.store.announce(&failure(1), now).await.unwrap();
        let before = notifier(&test.store, &webhook("old", "slack", &receiver.address));
        assert_eq!(before.deliver_due(now).await.unwrap(), RELEASED);
        let after = notifier(&test.store, &webhook("new", "slack", &receiver.address));
        assert_eq!(after.deliver_due(now + TimeDelta::hours(1)).await.unwrap(), ARRIVED);
        let counts = |undelivered, given_up| NoticeCounts { undelivered, given_up };
        assert_eq!(test.store.notice_counts(now).await.unwrap(), counts(1, 0));
        let later = now + TimeDelta::hours(27);
        assert_eq!(after.deliver_due(later).await.unwrap(), NOTHING);
        assert_eq!(test.store.notice_counts(later).await.unwrap(), counts(0, 1));
    }
}

on_both_databases! {
    async fn a_slow_receiver_keeps_no_other_waiting_and_each_is_reported_what_it_asks_for(test: &TestStore) {
        let (slow, quick) = (Receiver::start().await, Receiver::start().await);
        slow.answers([Answer { after: std::time::Duration::from_millis(800), ..Answer::status(200) }]);
        let digests = webhook("digests", "slack", &quick.address) + "events = ['weekly-digest']\n";
        let lines = webhook("slow", "slack", &slow.address) + &webhook("quick", "slack", &quick.address) + &digests;
        let notifier = notifier(&test.store, &lines);
        test.store.announce(&failure(1), at(NOW)).await.unwrap();
        let looking = tokio::spawn(async move { notifier.deliver_due(at(NOW)).await });
        quick.wait_for(1).await;
        assert!(!looking.is_finished(), "the slow one has not answered yet");
        assert_eq!(looking.await.unwrap().unwrap().arrived, 2);
        assert_eq!((slow.received().len(), quick.received().len()), (1, 1));
    }
}
