package dev.ancestral.exporter.trace;

/**
 * Where in the network an operation was called.
 *
 * @param path of the part of the network, from the names of its parameters; empty for the whole
 * @param block simple name of the innermost block
 * @param line the line that called, as {@code Class.method (File.java:42)}
 */
public record Site(String path, String block, String line) {
  @Override
  public String toString() {
    return "block %s%s, at %s".formatted(block, path.isEmpty() ? "" : " (" + path + ")", line);
  }
}
