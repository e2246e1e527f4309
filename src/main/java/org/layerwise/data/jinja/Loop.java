package org.layerwise.data.jinja;

import java.util.List;

/** Variable {@code loop} inside a {@code for}. */
final class Loop {

    private final List<Object> elements;
    private final int depth;
    private int index;

    Loop(List<Object> elements, int depth) {
        this.elements = elements;
        this.depth = depth;
    }

    void at(int place) {
        index = place;
    }

    Object get(String name) {
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) elements.size() - index;
            case "revindex0" -> (long) elements.size() - index - 1;
            case "first" -> index == 0;
            case "last" -> index == elements.size() - 1;
            case "length" -> (long) elements.size();
            case "depth" -> (long) depth;
            case "depth0" -> (long) depth - 1;
            case "previtem" -> index == 0 ? new Undefined("there is no previous item, so it") : elements.get(index - 1);
            case "nextitem" ->
                index + 1 == elements.size() ? new Undefined("there is no next item, so it") : elements.get(index + 1);
            case "cycle" ->
                (Callable) arguments -> {
                    if (arguments.positional().isEmpty()) {
                        throw new TemplateException("loop.cycle needs something to choose from");
                    }
                    return arguments
                            .positional()
                            .get(index % arguments.positional().size());
                };
            case "changed" -> throw new TemplateException("loop.changed is not known");
            default -> new Undefined("loop.%s".formatted(name));
        };
    }
}
