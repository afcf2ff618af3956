/** Examples of sampling from Java; each is run by a test. */
@NullMarked
package dev.ancestral.example;

import org.jspecify.annotations.NullMarked;
