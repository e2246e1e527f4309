/** Tasks that come with the program, made from dictionaries and grammar rules. */
@NullMarked
package org.layerwise.data.sample;

import org.jspecify.annotations.NullMarked;
