/**
 * Interpreter of the part of Jinja that chat templates use, with the same results as in transformers. Values are
 * strings, numbers, truth values, lists and maps; templates have no access to Java. Unknown elements are refused by
 * name.
 */
@NullMarked
package org.layerwise.data.jinja;

import org.jspecify.annotations.NullMarked;
