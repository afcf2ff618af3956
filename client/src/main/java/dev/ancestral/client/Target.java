package dev.ancestral.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a server is, as people write it, in the words of gRPC's name resolvers. */
final class Target {
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:/\\s]+):(\\d{1,5})");

  private static final String SOCKET = "unix:";
  private static final int LAST_PORT = 65_535;

  private Target() {}

  /**
   * The target's URI.
   *
   * @param target HOST:PORT, with an address of version 6 in brackets, or unix:PATH
   * @throws IllegalArgumentException if it is neither
   */
  static String parse(String target) {
    if (target.startsWith(SOCKET) && target.length() > SOCKET.length()) {
      return target;
    }
    Matcher parts = HOST_AND_PORT.matcher(target);
    int port = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
    if (port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException(
          "target: %s (expected: HOST:PORT, with a port of 1..%d, or unix:PATH)"
              .formatted(target, LAST_PORT));
    }
    try {
      // In a URI brackets are escaped.
      return new URI("dns", "", "/" + target, null).toString();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "target: %s (expected: HOST:PORT or unix:PATH)".formatted(target), e);
    }
  }
}
