package org.layerwise.model;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Modules that adapters target, as PEFT 0.17.1 reads its {@code target_modules}: a list of names, each of which matches
 * every module whose full name is that name or ends in it after a dot; or one regular expression that must match the
 * whole full name; or {@code all-linear}.
 *
 * @param names names; a single name with a character that no module name contains is an expression
 */
public record TargetModules(List<String> names) {

    /** Keyword for all linear modules except the output. */
    public static final String ALL_LINEAR = "all-linear";

    private static final Pattern SIGNS = Pattern.compile("[*+?()\\[\\]{}|\\\\^$]");

    public TargetModules {
        names = List.copyOf(names);
    }

    /**
     * Returns the modules that one text targets: the text is an expression even without special characters, unless it
     * is {@link #ALL_LINEAR}.
     */
    public static TargetModules ofText(String text) {
        boolean plain = text.equalsIgnoreCase(ALL_LINEAR) || SIGNS.matcher(text).find();
        return new TargetModules(List.of(plain ? text : "(?:" + text + ")"));
    }

    /** Returns true if all linear modules are targeted. */
    public boolean all() {
        return names.size() == 1 && names.get(0).equalsIgnoreCase(ALL_LINEAR);
    }

    /** Returns the regular expression; empty if the targets are names or {@link #ALL_LINEAR}. */
    public Optional<String> expression() {
        return names.size() == 1 && !all() && SIGNS.matcher(names.get(0)).find()
                ? Optional.of(names.get(0))
                : Optional.empty();
    }

    /** Returns true if the linear module of this full name is targeted. */
    public boolean match(String module) {
        return all()
                || expression()
                        .map(text -> ModulePattern.of(text).matches(module))
                        .orElseGet(() -> names.stream().anyMatch(name -> isOrEndsIn(module, name)));
    }

    /** Returns true if the list contains this full name itself: PEFT then ignores the choice of layers. */
    public boolean isFullName(String module) {
        return expression().isEmpty() && names.contains(module);
    }

    /** Returns true if a module's full name is {@code name} or ends in it after a dot. */
    static boolean isOrEndsIn(String module, String name) {
        return module.equals(name) || module.endsWith("." + name);
    }
}
