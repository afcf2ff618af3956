package dev.ancestral.server.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How soon a request is wanted.
 *
 * @param priority rows of a higher one run first; 0 is the usual one
 * @param within the time left for all of its samples; null for no limit
 */
public record Urgency(int priority, @Nullable Duration within) {
  /** The usual priority, and no limit. */
  public static final Urgency USUAL = new Urgency(0, null);
}
