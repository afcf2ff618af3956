package dev.ancestral.trainer.data;

import java.util.List;

/**
 * What is known of a data set without its samples.
 *
 * @param description what every sample has in common
 * @param samples how many there are
 * @param remarks lines for people: what was decided, counted and left out
 */
public record DataSummary(DataDescription description, int samples, List<String> remarks) {
  /** Copies the remarks. */
  public DataSummary {
    remarks = List.copyOf(remarks);
  }

  /** Of data that are open. */
  public static DataSummary of(Dataset data) {
    return new DataSummary(data.description(), data.size(), data.remarks());
  }
}
