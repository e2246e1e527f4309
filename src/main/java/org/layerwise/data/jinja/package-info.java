/**
 * An interpreter of the part of Jinja that chat templates are written in, with the meaning that it has in transformers. Values
 * are strings, numbers, truth values, lists and maps; nothing of Java can be reached. What is not known is refused by name.
 */
@NullMarked
package org.layerwise.data.jinja;

import org.jspecify.annotations.NullMarked;
