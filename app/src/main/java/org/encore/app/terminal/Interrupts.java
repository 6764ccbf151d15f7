package org.encore.app.terminal;

import java.io.PrintStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Ctrl-C and SIGTERM during a run: the first asks it to save and stop after the current step, the second stops it at once.
 *
 * <p>Java has signals in {@code sun.misc} only, which is no part of its interface: it is reached by reflection, and where it is
 * missing, signals end the program as they do by default.
 */
public final class Interrupts implements AutoCloseable {
    private static final int BEYOND_SIGNALS = 128;

    private final PrintStream err;
    private final List<AutoCloseable> former = new ArrayList<>();
    private volatile int signal;

    private Interrupts(PrintStream err) {
        this.err = err;
    }

    /** Catches the signals until closed. */
    public static Interrupts caught(PrintStream err) {
        Interrupts interrupts = new Interrupts(err);
        interrupts.catchSignal("INT", 2);
        interrupts.catchSignal("TERM", 15);
        return interrupts;
    }

    /** Whether a signal has asked the run to stop. */
    public boolean stopRequested() {
        return signal != 0;
    }

    /** The exit status for the signal that came. */
    public int status() {
        return BEYOND_SIGNALS + signal;
    }

    private void catchSignal(String name, int number) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object caught = type.getConstructor(String.class).newInstance(name);
            Method handle = type.getMethod("handle", type, handlerType);
            Object handler = Proxy.newProxyInstance(
                    Interrupts.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            came(number);
                            return null;
                        }
                        // Of Object: hashCode, equals, toString.
                        return method.invoke(this, arguments);
                    });
            Object previous = handle.invoke(null, caught, handler);
            former.add(() -> handle.invoke(null, caught, previous));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // Signals are then handled by the JVM, as without this class (-Xrs, or a JVM without jdk.unsupported).
            err.println("encore: Ctrl-C will stop this run without saving: " + ExitStatus.explanation(e));
        }
    }

    private void came(int number) {
        if (signal != 0) {
            err.println();
            err.println("encore: stopped at once; what its last checkpoint holds is saved");
            Runtime.getRuntime().halt(BEYOND_SIGNALS + number);
        }
        signal = number;
        err.println();
        err.println("encore: saving and stopping after this step; once more stops at once");
    }

    @Override
    public void close() {
        for (AutoCloseable each : former) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("a signal's former handler cannot be set again", e);
            }
        }
        former.clear();
    }
}
