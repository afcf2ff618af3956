package dev.ancestral.cli;

import dev.ancestral.diffusion.Names;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * Runs a picocli command with the exit codes and error lines that all commands share: 0 done, 1
 * failed (one line on standard error), 2 wrong usage (one line, with the nearest known flag). Of an
 * option that is given twice the last one wins.
 */
public final class Cli {
  /** Exit code of a command that did its work. */
  public static final int DONE = 0;

  /** Exit code of a command that failed. */
  public static final int FAILED = 1;

  /** Exit code of a command that was called wrongly. */
  public static final int USAGE = 2;

  /** The flags every command has. */
  private static final class CommonFlags {
    @Option(
        names = "--stacktrace",
        scope = ScopeType.INHERIT,
        description = "After an error line, print where in the code it comes from.")
    private boolean stacktrace;
  }

  private Cli() {}

  /**
   * Parses and runs.
   *
   * @param command a picocli command, with its sub-commands
   * @return the exit code
   */
  public static int run(Object command, String... args) {
    CommonFlags flags = new CommonFlags();
    CommandLine line = new CommandLine(command);
    line.addMixin("common", flags);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    // A command line is often an earlier one with something added.
    line.setOverwrittenOptionsAllowed(true);
    String version = "ancestral " + version(command);
    setVersion(line, version);
    line.setParameterExceptionHandler((e, arguments) -> wrongUsage(e));
    line.setExecutionExceptionHandler(
        (e, failed, parsed) -> failure(e, failed.getErr(), flags.stacktrace));
    return line.execute(args);
  }

  private static void setVersion(CommandLine line, String version) {
    line.getCommandSpec().version(version);
    line.getSubcommands().values().forEach(sub -> setVersion(sub, version));
  }

  /** What the jar's manifest says. */
  private static String version(Object command) {
    String version = command.getClass().getPackage().getImplementationVersion();
    return version == null ? "(run from classes, without a version)" : version;
  }

  private static int wrongUsage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    List<String> unknown = command.getUnmatchedArguments();
    // A mistyped flag also makes a required one missing: the typing error is the one to name.
    String problem = unknown.isEmpty() ? oneLine(e) : unknown(unknown.get(0), command);
    command.getErr().println("error: " + Printable.line(problem));
    command.getErr().println("see: " + command.getCommandSpec().qualifiedName() + " --help");
    return USAGE;
  }

  private static String unknown(String argument, CommandLine command) {
    boolean flag = argument.startsWith("-");
    String kind = flag ? "option" : command.getSubcommands().isEmpty() ? "argument" : "command";
    String name = flag ? argument.split("=", 2)[0] : argument;
    Collection<String> known =
        flag ? command.getCommandSpec().optionsMap().keySet() : command.getSubcommands().keySet();
    return Names.nearest(name, known)
        .map(nearest -> "unknown %s '%s'; did you mean %s?".formatted(kind, name, nearest))
        .orElseGet(() -> "unknown %s '%s'".formatted(kind, name));
  }

  private static int failure(Exception e, PrintWriter err, boolean stacktrace) {
    err.println("error: " + oneLine(e));
    if (stacktrace) {
      err.print(Printable.stackTrace(e));
      err.flush();
    } else if (!(e instanceof UserError || e instanceof IllegalArgumentException)) {
      err.println("(--stacktrace shows where)");
    }
    return FAILED;
  }

  private static String oneLine(Exception e) {
    String message = e.getMessage();
    boolean telling =
        e instanceof UserError
            || e instanceof IllegalArgumentException
            || e instanceof ParameterException;
    String text =
        message == null
            ? e.getClass().getSimpleName()
            : telling ? message : e.getClass().getSimpleName() + ": " + message;
    return Printable.line(text.replaceAll("\\s*\\R\\s*", " "));
  }
}
