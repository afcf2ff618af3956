package dev.ancestral.server.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is cheap to know of an ONNX file before ONNX Runtime reads it, which expands functions and
 * descends into graphs without a bound: nodes are counted, and no weight is read.
 *
 * <p>In the field numbers of onnx.proto; a message is walked, never held.
 */
final class FileCheck {
  /** A hundred times what the largest diffusion models have. */
  static final int MOST_NODES = 1_000_000;

  /** Graphs in graphs, and functions that call functions. */
  static final int DEEPEST = 32;

  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_FUNCTION = 25;
  private static final int GRAPH_NODE = 1;
  private static final int FUNCTION_NAME = 1;
  private static final int FUNCTION_NODE = 7;
  private static final int FUNCTION_DOMAIN = 10;
  private static final int NODE_OPERATOR = 4;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int NODE_DOMAIN = 7;
  private static final int ATTRIBUTE_GRAPH = 6;
  private static final int ATTRIBUTE_GRAPHS = 11;

  private final String file;
  private final CodedInputStream in;
  private final Map<String, Body> functions = new HashMap<>();
  private int nodes;

  /**
   * The nodes of a graph or a function with the graphs in them, and how often each is of a kind.
   */
  private static final class Body {
    private final Map<String, Integer> kinds = new HashMap<>();
    private String name = "";
    private String domain = "";
  }

  /** What a function comes to, once those that it calls are expanded. */
  private record Size(long nodes, int depth) {}

  private interface Field {
    /** Reads the field, or leaves it and returns false. */
    boolean read(int number) throws IOException;
  }

  private FileCheck(String file, CodedInputStream in) {
    this.file = file;
    this.in = in;
  }

  /**
   * Checks the file.
   *
   * @throws ModelException when it is no protobuf, larger than one can be, or has more or deeper
   *     nodes than any network
   * @throws IOException if it cannot be read
   */
  static void check(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    long bytes = Files.size(file);
    if (bytes > Integer.MAX_VALUE) {
      throw new ModelException(
          name,
          "%d bytes (expected: at most %d, as protobuf has it; weights may lie in another file)"
              .formatted(bytes, Integer.MAX_VALUE));
    }
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
      new FileCheck(name, CodedInputStream.newInstance(stream)).model();
    } catch (InvalidProtocolBufferException e) {
      throw new ModelException(name, "is no ONNX file (" + e.getMessage() + ")");
    }
  }

  private void model() throws IOException {
    Body main = new Body();
    fields(
        number ->
            switch (number) {
              case MODEL_GRAPH -> graph(main, 1);
              case MODEL_FUNCTION -> function();
              default -> false;
            });
    Size size = expanded(main, new HashMap<>(), new HashSet<>());
    if (size.nodes() > MOST_NODES) {
      throw tooMany("once its functions are expanded");
    }
  }

  private boolean function() throws IOException {
    Body body = new Body();
    message(
        number ->
            switch (number) {
              case FUNCTION_NAME -> {
                body.name = in.readString();
                yield true;
              }
              case FUNCTION_DOMAIN -> {
                body.domain = in.readString();
                yield true;
              }
              case FUNCTION_NODE -> node(body, 1);
              default -> false;
            });
    functions.put(key(body.domain, body.name), body);
    return true;
  }

  private boolean graph(Body body, int level) throws IOException {
    if (level > DEEPEST) {
      throw new ModelException(
          file, "graphs: nested more than %d deep (expected: at most that)".formatted(DEEPEST));
    }
    return message(number -> number == GRAPH_NODE && node(body, level));
  }

  private boolean node(Body body, int level) throws IOException {
    nodes++;
    if (nodes > MOST_NODES) {
      throw tooMany("in all");
    }
    String[] kind = {"", ""};
    message(
        number ->
            switch (number) {
              case NODE_OPERATOR -> {
                kind[1] = in.readString();
                yield true;
              }
              case NODE_DOMAIN -> {
                kind[0] = in.readString();
                yield true;
              }
              case NODE_ATTRIBUTE ->
                  message(
                      attribute ->
                          (attribute == ATTRIBUTE_GRAPH || attribute == ATTRIBUTE_GRAPHS)
                              && graph(body, level + 1));
              default -> false;
            });
    body.kinds.merge(key(kind[0], kind[1]), 1, Integer::sum);
    return true;
  }

  /** Reads a message that follows its tag. */
  private boolean message(Field field) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    fields(field);
    in.popLimit(outer);
    return true;
  }

  private void fields(Field field) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      // Everything that is looked at is a message or a string.
      boolean delimited = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (!(delimited && field.read(WireFormat.getTagFieldNumber(tag)))) {
        in.skipField(tag);
      }
    }
  }

  private Size expanded(Body body, Map<Body, Size> known, Set<Body> within) {
    Size size = known.get(body);
    if (size != null) {
      return size;
    }
    if (!within.add(body) || within.size() > DEEPEST) {
      throw new ModelException(
          file,
          "functions: '%s' calls itself, or more than %d that call each other (expected: neither)"
              .formatted(body.name, DEEPEST));
    }
    long count = 0;
    int depth = 0;
    for (Map.Entry<String, Integer> kind : body.kinds.entrySet()) {
      Body called = functions.get(kind.getKey());
      if (called == null) {
        count += kind.getValue();
        continue;
      }
      Size inner = expanded(called, known, within);
      depth = Math.max(depth, inner.depth());
      // Capped, so that the product cannot overflow.
      count += kind.getValue() * Math.min(inner.nodes(), MOST_NODES + 1L);
    }
    within.remove(body);
    size = new Size(Math.min(count, MOST_NODES + 1L), depth + 1);
    if (size.depth() > DEEPEST) {
      throw new ModelException(
          file,
          "functions: more than %d that call each other (expected: at most that)"
              .formatted(DEEPEST));
    }
    known.put(body, size);
    return size;
  }

  private ModelException tooMany(String how) {
    return new ModelException(
        file, "nodes: more than %d %s (expected: at most that)".formatted(MOST_NODES, how));
  }

  private static String key(String domain, String name) {
    // ONNX's own domain has two names.
    return (domain.equals("ai.onnx") ? "" : domain) + ":" + name;
  }
}
