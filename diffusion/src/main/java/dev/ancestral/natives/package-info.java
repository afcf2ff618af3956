/**
 * What must be so in this process before a native runtime is loaded, for those who load one. Knows
 * none of them but by the names of their settings. Start with {@link
 * dev.ancestral.natives.Silence}.
 */
@NullMarked
package dev.ancestral.natives;

import org.jspecify.annotations.NullMarked;
