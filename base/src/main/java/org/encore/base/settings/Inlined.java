package org.encore.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record component that has no key of its own in configurations: its components, and the {@code kind} of an interface, are keys of the enclosing record (unwrapped, in Jackson's terms).
 *
 * <p>A record has at most one such component. If it declares {@code public static defaults(X)}, with the type of the
 * component as X, its defaults may depend on the inlined component.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Inlined {}
