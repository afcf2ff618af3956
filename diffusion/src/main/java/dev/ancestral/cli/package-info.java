/**
 * What every command has in common: exit codes, one-line errors, {@code --stacktrace}. Start with
 * {@link dev.ancestral.cli.Cli}. A module's own commands live in that module.
 */
@NullMarked
package dev.ancestral.cli;

import org.jspecify.annotations.NullMarked;
