package org.layerwise.data.jinja;

import java.time.LocalDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Template as {@code transformers.utils.chat_template_utils} renders it: Jinja with {@code trim_blocks},
 * {@code lstrip_blocks}, loop controls and {@code generation}, the functions {@code raise_exception} and
 * {@code strftime_now}, and Python's methods of strings, lists and maps. Immutable and safe to share between threads.
 */
public final class JinjaTemplate {

    private static final int LONGEST = 1 << 20;

    private final Statement.Body body;

    private JinjaTemplate(Statement.Body body) {
        this.body = body;
    }

    /**
     * Parses a template.
     *
     * @throws TemplateException if it is broken or contains an unknown element; the message names the line
     */
    public static JinjaTemplate parse(String template) {
        if (template.length() > LONGEST) {
            throw new TemplateException("it is longer than a million characters");
        }
        try {
            return new JinjaTemplate(TemplateParser.parse(template));
        } catch (StackOverflowError e) {
            throw new TemplateException("it is nested too deeply");
        }
    }

    /**
     * Renders the template.
     *
     * @param values values of the template's names: texts, whole and decimal numbers, truth values, null, lists and
     *     maps of these
     * @param now time for {@code strftime_now}
     * @throws TemplateException if the template refuses the values, uses an unknown element, or runs too long
     */
    public String render(Map<String, ? extends @Nullable Object> values, LocalDateTime now) {
        Scope globals = new Scope(new RenderLimits());
        JinjaFunctions.define(globals, now);
        Scope scope = globals.inner();
        values.forEach((name, value) -> scope.set(name, PythonBuiltins.of(value)));
        try {
            return body.text(scope);
        } catch (StackOverflowError e) {
            // sums of thousands of parts, which only an attacker writes
            throw new TemplateException("it is nested too deeply");
        }
    }
}
