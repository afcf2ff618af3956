package dev.ancestral.trainer.data.parquet;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;

/** Makes nothing of records, whose columns are read one by one. */
final class NoRecords extends GroupConverter {
  @Override
  public Converter getConverter(int field) {
    return new NoValue();
  }

  @Override
  public void start() {}

  @Override
  public void end() {}

  private static final class NoValue extends PrimitiveConverter {
    @Override
    public GroupConverter asGroupConverter() {
      return new NoRecords();
    }
  }
}
