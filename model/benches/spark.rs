use model::*;
use std::time::Instant;
fn series(seed: u64, n: i32, sign: f64) -> Series {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as f64 / 2147483648.0
    };
    let rows = (0..n)
        .map(|i| {
            let t = f64::from(i) / 52.1775;
            let e: f64 = (0..12).map(|_| next()).sum::<f64>() - 6.0;
            Observation {
                week: IsoWeek::from_index(2500 + i),
                value_kw: Some(
                    sign * (250.0 + 20.0 * t + 60.0 * (std::f64::consts::TAU * t).cos() + 18.0 * e),
                ),
            }
        })
        .collect();
    Series::new(rows).unwrap()
}
fn time<T>(mut f: impl FnMut(usize) -> T) -> f64 {
    let mut best = vec![];
    for _ in 0..std::env::var("R").map_or(15, |r| r.parse().unwrap()) {
        let t = Instant::now();
        for i in 0..200 {
            std::hint::black_box(f(i));
        }
        best.push(t.elapsed().as_secs_f64() / 200.0);
    }
    best.sort_by(f64::total_cmp);
    best[0] * 1e6
}
fn main() {
    let s: Vec<Series> = (0..200).map(|i| series(i, 160, 1.0)).collect();
    let spark = Spark::default();
    let p: Vec<Posterior> = s.iter().map(|s| spark.fit(s).unwrap()).collect();
    let limits = Limits { import_kw: 400.0, feed_in_kw: 400.0 };
    println!("fit {:.1}", time(|i| spark.fit(&s[i]).unwrap()));
    println!("forecast {:.1}", time(|i| p[i].forecast()));
    println!("overload {:.1}", time(|i| p[i].overload(&limits)));
    println!("sigma {:.1}", time(|i| p[i].sigma()));
}
