/**
 * The log of the process: one line an event on standard error, from our code and from libraries
 * alike. Start with {@link dev.ancestral.server.log.ServerLog}. Standard output belongs to the
 * start-up lines.
 */
@NullMarked
package dev.ancestral.server.log;

import org.jspecify.annotations.NullMarked;
