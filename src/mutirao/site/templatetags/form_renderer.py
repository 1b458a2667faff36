# SPDX-License-Identifier: AGPL-3.0-or-later
"""The look of every Django form: set `FORM_RENDERER = "mutirao.site.templatetags.form_renderer.FormRenderer"`."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Renders `{{ form }}` as an error summary and field rows of the design system.

    Needs `django.forms` in INSTALLED_APPS so that Django's own widget templates are found.
    """

    form_template_name = "components/form/form.html"
    formset_template_name = "components/form/formset.html"
    field_template_name = "components/form/field.html"
