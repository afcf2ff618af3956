package dev.ancestral.exporter.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call at one batch size; see {@link Call} for the meaning of the parts.
 *
 * @param where it was called; the path is known when the recording is complete
 */
record RecordedCall(
    String operation,
    List<@Nullable Object> args,
    List<RecordedValue> results,
    Frames.Snapshot where) {
  RecordedCall {
    args = Collections.unmodifiableList(new ArrayList<>(args));
    results = List.copyOf(results);
  }
}
