//! The baseline: loops that decode a file and do next to nothing with it.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, TimestampMicrosecondType};
use arrow_schema::{DataType, Schema};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

/// Decodes every column, text as dictionaries, and sums the numbers.
pub(crate) fn parquet(path: &Path) -> u64 {
    let file = File::open(path).unwrap();
    let found = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).unwrap();
    let mut fields: Vec<_> = found.schema().fields().iter().map(|field| (**field).clone()).collect();
    for field in &mut fields[..2] {
        field.set_data_type(DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)));
    }
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
    let metadata = ArrowReaderMetadata::try_new(found.metadata().clone(), options).unwrap();
    let (mut rows, mut sum, mut keys) = (0, 0.0, 0_i64);
    for row_group in 0..metadata.metadata().num_row_groups() {
        let file = file.try_clone().unwrap();
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone())
            .with_row_groups(vec![row_group])
            .with_batch_size(16_384)
            .build()
            .unwrap();
        for batch in reader {
            let batch = batch.unwrap();
            rows += batch.num_rows() as u64;
            for text in 0..2 {
                let text = batch.column(text).as_dictionary::<Int32Type>();
                keys = text.keys().values().iter().fold(keys, |keys, &key| keys ^ i64::from(key));
            }
            sum += batch.column(2).as_primitive::<Float64Type>().values().iter().sum::<f64>();
            let times = batch.column(3).as_primitive::<TimestampMicrosecondType>();
            keys = times.values().iter().fold(keys, |keys, &time| keys ^ time);
        }
    }
    std::hint::black_box((sum, keys));
    rows
}

/// Splits every record into its fields.
pub(crate) fn csv(path: &Path) -> u64 {
    let file = BufReader::with_capacity(128 * 1024, File::open(path).unwrap());
    let text: Box<dyn Read> = match path.extension().and_then(|ending| ending.to_str()) {
        Some("gz") => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
        Some("zst") => Box::new(zstd::Decoder::with_buffer(file).unwrap()),
        _ => Box::new(file),
    };
    let mut reader = csv::Reader::from_reader(text);
    let mut record = csv::ByteRecord::new();
    let (mut rows, mut bytes) = (0, 0);
    while reader.read_byte_record(&mut record).unwrap() {
        rows += 1;
        bytes += record.iter().map(<[u8]>::len).sum::<usize>();
    }
    std::hint::black_box(bytes);
    rows
}
