package dev.ancestral.client.output;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a sampling left.
 *
 * @param names of the files, in their directory
 * @param remarks what a viewer should know, such as samples that a sheet has no room for
 */
public record WrittenFiles(List<String> names, List<String> remarks) {
  /** Copies the lists. */
  public WrittenFiles {
    names = List.copyOf(names);
    remarks = List.copyOf(remarks);
  }

  /** The same, with more to say before. */
  public WrittenFiles withRemarksBefore(List<String> more) {
    return new WrittenFiles(names, Stream.concat(more.stream(), remarks.stream()).toList());
  }
}
