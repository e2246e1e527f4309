package org.layerwise.model;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which modules adapters go on, as PEFT 0.17.1 reads its {@code target_modules}: names, of which each means every module
 * whose full name is it or ends in it after a dot; or one regular expression that the full name matches as a whole; or
 * {@code all-linear}.
 *
 * @param names the names; a single one with a sign that no name has is an expression
 */
public record TargetModules(List<String> names) {

    /** The word for all linear modules but the output. */
    public static final String ALL_LINEAR = "all-linear";

    private static final Pattern SIGNS = Pattern.compile("[*+?()\\[\\]{}|\\\\^$]");

    public TargetModules {
        names = List.copyOf(names);
    }

    /** Modules that one text means: an expression whatever its signs, unless it is the word for all. */
    public static TargetModules ofText(String text) {
        boolean plain = text.equalsIgnoreCase(ALL_LINEAR) || SIGNS.matcher(text).find();
        return new TargetModules(List.of(plain ? text : "(?:" + text + ")"));
    }

    /** Whether all linear modules are meant. */
    public boolean all() {
        return names.size() == 1 && names.get(0).equalsIgnoreCase(ALL_LINEAR);
    }

    /** The regular expression, if it is one. */
    public Optional<String> expression() {
        return names.size() == 1 && !all() && SIGNS.matcher(names.get(0)).find()
                ? Optional.of(names.get(0))
                : Optional.empty();
    }

    /** Whether the full name of a linear module is meant. */
    public boolean match(String module) {
        return all()
                || expression()
                        .map(text -> ModulePattern.of(text).matches(module))
                        .orElseGet(() -> names.stream().anyMatch(name -> isOrEndsIn(module, name)));
    }

    /** Whether a full name is given itself: PEFT then asks for no layer. */
    public boolean nameWhole(String module) {
        return expression().isEmpty() && names.contains(module);
    }

    /** Whether a module's full name is a name or ends in it after a dot. */
    static boolean isOrEndsIn(String module, String name) {
        return module.equals(name) || module.endsWith("." + name);
    }
}
