package dev.ancestral.client.flags;

import picocli.CommandLine.Model.OptionSpec;

/**
 * Parts of the help, in their order. An option belongs to the one that its {@code order} says: an
 * argument group would give it a heading too, but a group forgets what was set in it when one of
 * its options is repeated.
 */
enum HelpSection {
  FIRST(RequestFlags.FIRST, ""),
  CLASSES(1, "Classes, where the model knows any:"),
  CHAIN(2, "The chain. The server refuses what its sampler does not take:"),
  STATES(3, "States on the way:"),
  URGENCY(RequestFlags.HOW_SOON, "How soon:"),
  FILES(RequestFlags.WHAT_IS_WRITTEN, "What is written:"),
  /** What every command has, which says no order. */
  COMMON(-1, "Help:");

  private final int order;
  private final String heading;

  HelpSection(int order, String heading) {
    this.order = order;
    this.heading = heading;
  }

  int order() {
    return order;
  }

  /** Its line in the help; the first has none. */
  String heading() {
    return heading;
  }

  boolean has(OptionSpec option) {
    return option.order() == order;
  }
}
