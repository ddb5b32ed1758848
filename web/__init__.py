"""Pages for staff and the public: blueprints, forms, templates, sign-in. Knows no provider."""
