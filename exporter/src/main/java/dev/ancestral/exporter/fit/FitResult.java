package dev.ancestral.exporter.fit;

import dev.ancestral.diffusion.sampler.FittedTable;
import dev.ancestral.diffusion.sampler.FittedTables;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a fit.
 *
 * @param tables what is written; null where no chain is better than hand-made ones
 * @param candidates every chain that was fitted, by its calls, those that are not written among
 *     them
 */
public record FitResult(@Nullable FittedTables tables, List<Candidate> candidates) {
  /** Copies the list. */
  public FitResult {
    candidates = List.copyOf(candidates);
  }

  /** How many tables are written. */
  public int written() {
    return tables == null ? 0 : tables.tables().size();
  }

  /** Whether a table is what requests at this weight get that name no sampler. */
  boolean isDefault(Candidate candidate, double weight) {
    return tables != null
        && tables
            .proven(weight)
            .map(FittedTable::calls)
            .filter(calls -> calls == candidate.calls())
            .isPresent();
  }

  /** The tables and why they are the default, or are not, for people. */
  public String text() {
    return new FitText(this).toString();
  }
}
