//! Files that end within their last row, as while they are being copied.

use readings::{FileNote, ReadSettings, Reason, read_measurements};

use crate::files::Store;
use crate::files::{Folder, HEADER, SUMLI, amsterdam, gzip, import, read, settings};

fn text(last: &str) -> String {
    format!("{HEADER}\nA,{SUMLI},100,2026-05-18 23:15\nA,{SUMLI},200,2026-05-18 23:30\nA,{SUMLI},900,{last}")
}

#[test]
fn a_last_line_without_a_line_break_is_told_where_it_was_used() {
    let folder = Folder::new();
    let path = folder.bytes("a.csv", text("2026-05-18 23:45").as_bytes());
    let (report, _) = read(&path);
    assert_eq!((report.accepted, report.notes.as_slice()), (3, &[FileNote::OpenEnd][..]));
    assert!(report.notes[0].to_string().contains("cut off"));
    let packed = folder.bytes("a.csv.gz", &gzip(text("2026-05-18 23:45").as_bytes()));
    assert_eq!(read(&packed).0.notes, [FileNote::OpenEnd]);
    for end in ["\n", "\r\n", "\r", "\n\n  "] {
        let path = folder.bytes("b.csv", (text("2026-05-18 23:45") + end).as_bytes());
        assert_eq!(read(&path).0.notes, [], "{end:?}");
    }
    let quoted = text("\"2026-05-18 23:45\"");
    assert_eq!(read(&folder.bytes("c.csv", quoted.as_bytes())).0.notes, [FileNote::OpenEnd]);
    let other = text("2026-05-18 23:45").replace(&format!("{SUMLI},900"), "register://gas/0/x,900");
    assert_eq!(read(&folder.bytes("d.csv", other.as_bytes())).0.notes, [], "a row that isn't used");
}

#[test]
fn a_time_that_is_cut_off_is_no_other_time() {
    let folder = Folder::new();
    let whole = "2026-05-18 23:45";
    for length in 0..whole.len() {
        let path = folder.bytes("a.csv", text(&whole[..length]).as_bytes());
        let (report, store) = read(&path);
        assert_eq!((report.accepted, report.refusals.total()), (2, 1), "{length}");
        assert_eq!((store.len(), report.notes.len()), (1, 0), "{length}");
        if length > 0 {
            assert_eq!(report.refusals.count(Reason::BadTime), 1, "{length}");
        }
    }
    // Nor one that an update leaves out without a word.
    let since = Some("2026-05-17T00:00:00Z".parse().unwrap());
    let path = folder.bytes("b.csv", text("2026-05-1").as_bytes());
    let report = import(&mut Store::new(), &path, amsterdam(), &ReadSettings { since, ..settings() });
    assert_eq!((report.rows, report.refusals.count(Reason::BadTime)), (3, 1));
    // With a line break it is what it says.
    let path = folder.bytes("c.csv", (text("2026-05-1") + "\n").as_bytes());
    assert_eq!(read_measurements(&path, amsterdam(), &settings()).unwrap().report.accepted, 3);
}
