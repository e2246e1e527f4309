@NullMarked
package org.layerwise.remote;

import org.jspecify.annotations.NullMarked;
