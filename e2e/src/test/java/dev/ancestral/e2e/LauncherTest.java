package dev.ancestral.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in directories made for it, with a Java and a Maven that only say what they got. */
final class LauncherTest {
  private static final String NAMES = "lib/one.jar:lib/two.jar";

  private final Path directory;

  LauncherTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** What a run printed, its errors among it. */
  private record Run(int code, String printed) {
    boolean has(String line) {
      return printed.lines().anyMatch(line::equals);
    }
  }

  @BeforeEach
  void standIns() throws IOException {
    script(
        "java/bin/java",
        "[ \"$1\" != -version ] || { echo 'openjdk version \"17.0.9\"' >&2; exit; }; env; printf"
            + " 'argument %s\\n"
            + "' \"$@\"");
    script("bin/mvn", "echo maven \"$@\"; exit 1");
  }

  @Test
  void anArchiveRunsItsOwnJars_fromAnywhere_throughALink() throws Exception {
    Path root = archive("an archive");
    Path link = Files.createSymbolicLink(directory.resolve("link"), root.resolve("ancestral"));
    Run run = run(link, Map.of(), "serve", "--port", "0");
    assertEquals(0, run.code(), run.printed());
    assertTrue(
        run.has(
            "CLASSPATH=%1$s/lib/ancestral-server-1.jar:%1$s/lib/one.jar:%1$s/lib/two.jar"
                .formatted(root.toRealPath())),
        run.printed());
    assertTrue(run.has("argument dev.ancestral.server.ServerMain"), run.printed());
    assertTrue(run.printed().endsWith("argument --port\nargument 0\n"), run.printed());
  }

  @Test
  void anArchiveThatIsNotWholeIsRefused() throws Exception {
    Path root = archive("archive");
    Files.delete(root.resolve("lib/two.jar"));
    Run run = run(root.resolve("ancestral"), Map.of(), "serve");
    assertEquals(1, run.code());
    assertEquals(
        "error: %s/lib: lacks jars of 'serve' (expected: the whole archive)\n"
            .formatted(root.toRealPath()),
        run.printed());
  }

  @Test
  void nothingIsReported_andNothingUnpackedBelowAHome() throws Exception {
    Path root = archive("archive");
    Run run = run(root.resolve("ancestral"), Map.of("ORT_DISABLE_TELEMETRY", "0"), "serve");
    assertTrue(run.has("ORT_DISABLE_TELEMETRY=1"), run.printed());
    assertTrue(run.has("OPT_OUT_TRACKING=true"), run.printed());
    assertTrue(run.has("argument -Dai.djl.offline=true"), run.printed());
    assertTrue(run.has("ENGINE_CACHE_DIR=" + root.toRealPath() + "/natives"), run.printed());
  }

  @Test
  void inALocaleOfAsciiJavaIsGivenOneThatCanSayEveryName() throws Exception {
    Path launcher = archive("archive").resolve("ancestral");
    for (String locale : List.of("C", "POSIX", "xx_XX.UTF-8")) {
      String printed = run(launcher, Map.of("LC_ALL", locale), "serve").printed();
      assertTrue(
          printed.lines().anyMatch(line -> line.matches("LC_ALL=\\S+\\.(?i:utf-?8)")), printed);
      assertFalse(printed.contains("LC_ALL=" + locale + "\n"), printed);
    }
  }

  @Test
  void aCheckoutIsBuiltWhenItsContentChanged_andNotWhenOnlyItsTimesDid() throws Exception {
    Path root = checkout("checkout");
    Path launcher = root.resolve("ancestral");
    Path source = root.resolve("client/src/main/A.java");
    Run first = run(launcher, Map.of(), "sample");
    assertTrue(first.has("argument dev.ancestral.client.ClientMain"), first.printed());

    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(3600)));
    Run copied = run(launcher, Map.of(), "sample");
    assertTrue(copied.has("argument dev.ancestral.client.ClientMain"), copied.printed());

    write(source, "changed");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(3600)));
    Run changed = run(launcher, Map.of(), "sample");
    assertEquals(1, changed.code());
    assertTrue(changed.printed().contains("maven -B -q"), changed.printed());
    assertTrue(changed.printed().contains("-pl client -am package"), changed.printed());
  }

  @Test
  void aJarThatIsNotWhatWasBuiltFromTheseSourcesIsBuilt() throws Exception {
    Path root = checkout("checkout");
    run(root.resolve("ancestral"), Map.of(), "sample");
    write(root.resolve("client/target/ancestral-client-1.jar"), "of other sources");
    Path source = root.resolve("client/src/main/A.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(3600)));
    Run run = run(root.resolve("ancestral"), Map.of(), "sample");
    assertTrue(run.printed().contains("maven -B -q"), run.printed());
  }

  @Test
  void aMovedCheckoutRunsItsOwnJars() throws Exception {
    Path root = checkout("here");
    Path moved = Files.move(root, directory.resolve("there"));
    Run run = run(moved.resolve("ancestral"), Map.of(), "sample");
    assertTrue(
        run.has(
            "CLASSPATH=%1$s/client/target/ancestral-client-1.jar:%1$s/target/lib/one.jar:%1$s/target/lib/two.jar"
                .formatted(moved.toRealPath())),
        run.printed());
  }

  @Test
  void aProgramOfOnesOwnIsToldTheClassPathOfAModule() throws Exception {
    Path root = checkout("checkout");
    Run run = run(root.resolve("ancestral"), Map.of(), "class-path", "client");
    assertEquals(
        "%1$s/client/target/ancestral-client-1.jar:%1$s/target/lib/one.jar:%1$s/target/lib/two.jar\n"
            .formatted(root.toRealPath()),
        run.printed());
    assertEquals(2, run(root.resolve("ancestral"), Map.of(), "class-path", "sample").code());
  }

  @Test
  void aDirectoryThatNoClassPathCanNameIsRefused() throws Exception {
    Run run = run(archive("a:b").resolve("ancestral"), Map.of(), "serve");
    assertEquals(1, run.code());
    assertTrue(run.printed().contains("a:b: has a colon"), run.printed());
  }

  private Path archive(String name) throws IOException {
    Path root = directory.resolve(name);
    for (String file : List.of("one.jar", "two.jar", "ancestral-server-1.jar")) {
      write(root.resolve("lib").resolve(file), file);
    }
    write(root.resolve("lib/server.classpath"), NAMES);
    return withLauncher(root);
  }

  /** With sources that are older than what was built from them. */
  private Path checkout(String name) throws IOException {
    Path root = directory.resolve(name);
    write(root.resolve("pom.xml"), "");
    for (String module : List.of("proto", "diffusion", "client")) {
      write(root.resolve(module + "/pom.xml"), module);
      write(root.resolve(module + "/src/main/A.java"), module);
      write(root.resolve(module + "/target/ancestral-" + module + "-1.jar"), module);
    }
    write(root.resolve("target/lib/one.jar"), "1");
    write(root.resolve("target/lib/two.jar"), "2");
    Path names = root.resolve("client/target/classpath");
    write(names, NAMES);
    Files.setLastModifiedTime(names, FileTime.from(Instant.now().plusSeconds(60)));
    return withLauncher(root);
  }

  private static Path withLauncher(Path root) throws IOException {
    Path launcher = root.resolve("ancestral");
    Files.copy(Commands.ROOT.resolve("ancestral"), launcher);
    assertTrue(launcher.toFile().setExecutable(true));
    return root;
  }

  private void script(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    write(file, "#!/bin/sh\n" + content + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private static void write(Path file, String content) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, content);
  }

  private Run run(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(launcher.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", directory.resolve("java").toString());
    builder.environment().remove("ENGINE_CACHE_DIR");
    builder.environment().remove("ANCESTRAL_MAVEN_ARGS");
    builder
        .environment()
        .merge(
            "PATH",
            directory.resolve("bin").toString(),
            (old, bin) -> bin + File.pathSeparator + old);
    builder.environment().putAll(environment);
    Process process = builder.directory(new File("/")).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), printed);
  }
}
