package org.layerwise.data.jinja;

/** Something that can be called: a method, a macro, or a function that the template is given. */
@FunctionalInterface
interface Callable {
    Object call(Arguments arguments);
}
