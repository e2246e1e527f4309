package org.layerwise.data.jinja;

/** Value that can be called: a method, a macro, or a function that the template gets. */
@FunctionalInterface
interface Callable {
    Object call(Arguments arguments);
}
