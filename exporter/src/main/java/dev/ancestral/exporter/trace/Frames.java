package dev.ancestral.exporter.trace;

import ai.djl.nn.AbstractBaseBlock;
import ai.djl.nn.Block;
import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which part of the network is running, from the thread's stack.
 *
 * <p>A network's parts need not be blocks, and blocks do not say where they are. What says it are
 * the names of the parameters they fetch: a method's part of the network is what the names of all
 * parameters fetched beneath it have in common. So {@code down_blocks.0.resnets.1} is known
 * although no object carries that name. A loop that calls the same method for several parts shows
 * as one method running again from an earlier line.
 *
 * <p>One instance a trace; not thread-safe.
 */
final class Frames {
  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  /** Machinery between a network's own methods. */
  private static final Set<Class<?>> SKIPPED =
      Set.of(
          AbstractBaseBlock.class,
          Block.class,
          Frames.class,
          TraceSession.class,
          TracedArray.class,
          TracedManager.class,
          TracedParameters.class);

  private static final List<String> SKIPPED_PACKAGES =
      List.of("java.", "jdk.", "ai.djl.ndarray.", "ai.djl.pytorch.");

  private final Position root = new Position(null, "", "?", "?", -1);

  /** One run of a method, and where in it. */
  static final class Position {
    private final @Nullable Position parent;
    private final String method;
    private final String block;
    private String line;
    private int offset;
    private @Nullable Position child;
    private @Nullable String common;

    private Position(
        @Nullable Position parent, String method, String block, String line, int offset) {
      this.parent = parent;
      this.method = method;
      this.block = block;
      this.line = line;
      this.offset = offset;
    }

    /** The part of the network; complete once the trace is. */
    String path() {
      for (Position at = this; at != null; at = at.parent) {
        if (at.common != null) {
          return at.common;
        }
      }
      return "";
    }

    private void fetched(String path) {
      common = common == null ? path : commonPath(common, path);
      if (parent != null) {
        parent.fetched(path);
      }
    }

    private static String commonPath(String a, String b) {
      String[] left = a.split("\\.", -1);
      String[] right = b.split("\\.", -1);
      List<String> shared = new ArrayList<>();
      for (int i = 0; i < Math.min(left.length, right.length) && left[i].equals(right[i]); i++) {
        shared.add(left[i]);
      }
      return String.join(".", shared);
    }
  }

  /** A position with the line that was reached then. */
  record Snapshot(Position position, String line) {
    Site site() {
      return new Site(position.path(), position.block, line);
    }
  }

  /** Where the network is now. */
  Snapshot now() {
    Position at = root;
    for (StackFrame frame : networkFrames()) {
      at = enter(at, frame);
    }
    at.child = null;
    return new Snapshot(at, at.line);
  }

  /** Notes that a parameter is being fetched. */
  void fetched(String parameter) {
    int end = parameter.lastIndexOf('.');
    now().position().fetched(end < 0 ? "" : parameter.substring(0, end));
  }

  private static Position enter(Position parent, StackFrame frame) {
    String method = frame.getClassName() + "." + frame.getMethodName();
    String line =
        "%s.%s (%s:%d)"
            .formatted(
                frame.getDeclaringClass().getSimpleName(),
                frame.getMethodName(),
                frame.getFileName(),
                frame.getLineNumber());
    Position open = parent.child;
    if (open != null && open.method.equals(method) && open.offset <= frame.getByteCodeIndex()) {
      if (open.offset != frame.getByteCodeIndex()) {
        open.child = null;
      }
      open.offset = frame.getByteCodeIndex();
      open.line = line;
      return open;
    }
    boolean isBlock = Block.class.isAssignableFrom(frame.getDeclaringClass());
    Position entered =
        new Position(
            parent,
            method,
            isBlock ? frame.getDeclaringClass().getSimpleName() : parent.block,
            line,
            frame.getByteCodeIndex());
    parent.child = entered;
    return entered;
  }

  /** The network's frames, outermost first; what lies below the tracer is who asked for it. */
  private static List<StackFrame> networkFrames() {
    List<StackFrame> frames =
        new ArrayList<>(
            WALKER.walk(
                stack ->
                    stack
                        .takeWhile(frame -> frame.getDeclaringClass() != Tracer.class)
                        .filter(Frames::isNetwork)
                        .toList()));
    Collections.reverse(frames);
    return frames;
  }

  private static boolean isNetwork(StackFrame frame) {
    String name = frame.getClassName();
    return !SKIPPED.contains(frame.getDeclaringClass().getNestHost())
        && SKIPPED_PACKAGES.stream().noneMatch(name::startsWith)
        && !name.contains("$Proxy");
  }
}
