/**
 * What every call passes, whichever service it is for: bytes that are no message, plain HTTP,
 * pings, and the log of requests. Start with {@link dev.ancestral.server.door.Door}. What a request
 * means is decided behind it.
 */
@NullMarked
package dev.ancestral.server.door;

import org.jspecify.annotations.NullMarked;
