/**
 * Image sets as the Hugging Face hub lays them out: Parquet files with a column of encoded images
 * and one of labels. Start with {@link dev.ancestral.trainer.data.parquet.ParquetFolder}. What may
 * not live here: pixels.
 */
@NullMarked
package dev.ancestral.trainer.data.parquet;

import org.jspecify.annotations.NullMarked;
