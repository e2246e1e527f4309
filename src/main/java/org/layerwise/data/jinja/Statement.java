package org.layerwise.data.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Statement of a template, which writes text or changes the values of names. */
sealed interface Statement {

    Flow render(Scope scope, RenderedText out);

    /** Control flow after a statement. */
    enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    record Text(String text) implements Statement {
        @Override
        public Flow render(Scope scope, RenderedText out) {
            out.add(text);
            return Flow.ON;
        }
    }

    record Print(Expression expression) implements Statement {
        @Override
        public Flow render(Scope scope, RenderedText out) {
            out.add(PythonBuiltins.text(scope.budget(), expression.eval(scope)));
            return Flow.ON;
        }
    }

    /** Sequence of statements, rendered one after the other in the surrounding scope. */
    record Body(List<Statement> statements) implements Statement {
        @Override
        public Flow render(Scope scope, RenderedText out) {
            for (Statement statement : statements) {
                scope.budget().step();
                Flow flow = statement.render(scope, out);
                if (flow != Flow.ON) {
                    return flow;
                }
            }
            return Flow.ON;
        }

        String text(Scope scope) {
            RenderedText out = new RenderedText(scope.budget());
            render(scope, out);
            return out.text();
        }
    }

    record If(List<Expression> conditions, List<Body> bodies, @Nullable Body otherwise) implements Statement {
        @Override
        public Flow render(Scope scope, RenderedText out) {
            for (int i = 0; i < conditions.size(); i++) {
                scope.budget().work(1);
                if (PythonBuiltins.truth(conditions.get(i).eval(scope))) {
                    return bodies.get(i).render(scope, out);
                }
            }
            return otherwise == null ? Flow.ON : otherwise.render(scope, out);
        }
    }

    record For(
            List<String> targets,
            boolean unpack,
            Expression over,
            @Nullable Expression only,
            Body body,
            @Nullable Body otherwise)
            implements Statement {
        @Override
        public Flow render(Scope scope, RenderedText out) {
            List<Object> elements = chosen(scope);
            Loop loop = new Loop(elements, scope.loops() + 1);
            for (int i = 0; i < elements.size(); i++) {
                scope.budget().step();
                loop.at(i);
                Scope inner = scope.inner();
                assign(inner, elements.get(i));
                inner.set("loop", loop);
                if (body.render(inner, out) == Flow.BREAK) {
                    return Flow.ON;
                }
            }
            return elements.isEmpty() && otherwise != null ? otherwise.render(scope.inner(), out) : Flow.ON;
        }

        private List<Object> chosen(Scope scope) {
            List<Object> all = PythonBuiltins.elementsOf(scope.budget(), over.eval(scope));
            if (only == null) {
                return List.copyOf(all);
            }
            return all.stream()
                    .filter(element -> {
                        Scope inner = scope.inner();
                        assign(inner, element);
                        return PythonBuiltins.truth(only.eval(inner));
                    })
                    .toList();
        }

        private void assign(Scope scope, Object element) {
            Statement.assign(scope, targets, unpack, element);
        }
    }

    /** Assignment {@code set a = ...} or {@code set a, b = ...}. */
    record Set(List<String> targets, boolean unpack, Expression value) implements Statement {
        @Override
        public Flow render(Scope scope, RenderedText out) {
            assign(scope, targets, unpack, value.eval(scope));
            return Flow.ON;
        }
    }

    /** Assignment {@code set namespace.name = ...}. */
    record SetOfNamespace(String namespace, String name, Expression value) implements Statement {
        @Override
        public Flow render(Scope scope, RenderedText out) {
            if (!(scope.get(namespace) instanceof Namespace target)) {
                throw new TemplateException(
                        "only a namespace can be written to, and '%s' is none".formatted(namespace));
            }
            target.set(name, value.eval(scope));
            return Flow.ON;
        }
    }

    /** Block from {@code set a} to {@code endset}. */
    record SetBlock(String target, Body body) implements Statement {
        @Override
        public Flow render(Scope scope, RenderedText out) {
            scope.set(target, body.text(scope.inner()));
            return Flow.ON;
        }
    }

    /** Block from {@code with a = ...} to {@code endwith}. */
    record With(List<String> names, List<Expression> values, Body body) implements Statement {
        @Override
        public Flow render(Scope scope, RenderedText out) {
            Scope inner = scope.inner();
            scope.budget().work(names.size());
            for (int i = 0; i < names.size(); i++) {
                inner.set(names.get(i), values.get(i).eval(scope));
            }
            return body.render(inner, out);
        }
    }

    record FilterBlock(String name, Expression.Given given, Body body) implements Statement {
        @Override
        public Flow render(Scope scope, RenderedText out) {
            Expression text = new Expression.Literal(body.text(scope.inner()));
            out.add(PythonBuiltins.text(scope.budget(), new Expression.Filtered(text, name, given).eval(scope)));
            return Flow.ON;
        }
    }

    record Macro(String name, List<String> parameters, Map<String, Expression> defaults, Body body)
            implements Statement {
        @Override
        public Flow render(Scope scope, RenderedText out) {
            scope.set(name, (Callable) arguments -> call(scope, arguments));
            return Flow.ON;
        }

        private Object call(Scope around, Arguments arguments) {
            arguments.only(parameters.size(), parameters.toArray(String[]::new));
            around.budget().enter();
            Scope scope = around.inner();
            scope.budget().work(parameters.size());
            for (int i = 0; i < parameters.size(); i++) {
                String parameter = parameters.get(i);
                Object given = arguments.find(i, parameter);
                Expression fallback = defaults.get(parameter);
                if (given == null) {
                    given = fallback == null
                            ? new Undefined("the parameter '%s' of %s".formatted(parameter, name))
                            : fallback.eval(scope);
                }
                scope.set(parameter, given);
            }
            String text = body.text(scope);
            around.budget().leave();
            return text;
        }
    }

    /** Jump {@code break} or {@code continue}. */
    record Jump(Flow flow) implements Statement {
        @Override
        public Flow render(Scope scope, RenderedText out) {
            return flow;
        }
    }

    private static void assign(Scope scope, List<String> targets, boolean unpack, Object value) {
        if (!unpack) {
            scope.set(targets.get(0), value);
            return;
        }
        List<Object> parts = PythonBuiltins.elementsOf(scope.budget(), value);
        if (parts.size() != targets.size()) {
            throw new TemplateException(
                    "%s values cannot be given to %s names".formatted(parts.size(), targets.size()));
        }
        for (int i = 0; i < parts.size(); i++) {
            scope.set(targets.get(i), parts.get(i));
        }
    }
}
