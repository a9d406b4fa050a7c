package dev.hubbub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

class PermissionTest {
    interface Guarded {
        @RolesAllowed("admin")
        void first();
    }

    static class Base implements Guarded {
        @Override
        public void first() {}

        @RolesAllowed("admin")
        void second() {}

        void third() {}
    }

    static class Derived extends Base {
        @Override
        void second() {}
    }

    @RolesAllowed("admin")
    static class Restricted extends Base {
        @Override
        @PermitAll
        void second() {}
    }

    private static Method method(Class<?> type, String name) throws NoSuchMethodException {
        return type.getDeclaredMethod(name);
    }

    @Test
    void annotationsThatDoNotApplyAreFound() throws Exception {
        assertThat(Permission.ignored(method(Base.class, "first"), Base.class))
                .isEqualTo(method(Guarded.class, "first"));
        assertThat(Permission.ignored(method(Derived.class, "second"), Derived.class))
                .isEqualTo(method(Base.class, "second"));
        assertThat(Permission.ignored(method(Base.class, "third"), Restricted.class))
                .isEqualTo(Restricted.class);
    }

    @Test
    void annotationsThatApplyAreNotReported() throws Exception {
        assertThat(Permission.ignored(method(Base.class, "second"), Base.class)).isNull();
        assertThat(Permission.ignored(method(Base.class, "third"), Base.class)).isNull();
        assertThat(Permission.ignored(method(Restricted.class, "second"), Restricted.class))
                .isNull();
    }
}
