//! Sections of the outer component, in pieces: embedded inputs are not copied
//! but referred to, and each of the component's index spaces is counted here.

use wasm_encoder::{
    Alias, ComponentAliasSection, ComponentExportKind, ComponentExportSection, ComponentExternName,
    ComponentImportSection, ComponentInstanceSection, ComponentSection, ComponentTypeEncoder,
    ComponentTypeRef, ComponentTypeSection, Encode,
};

/// A piece of the result.
pub(crate) enum Piece {
    /// Bytes that were encoded here.
    Own(Vec<u8>),
    /// All bytes of an input, by its index.
    Input(usize),
}

/// The section that is being filled: items of one kind in a row share one.
enum Open {
    Nothing,
    Types(ComponentTypeSection),
    Imports(ComponentImportSection),
    Aliases(ComponentAliasSection),
    Instances(ComponentInstanceSection),
    Exports(ComponentExportSection),
}

/// Writes the outer component.
pub(crate) struct Writer {
    pieces: Vec<Piece>,
    bytes: Vec<u8>,
    open: Open,
    types: u32,
    instances: u32,
    functions: u32,
    components: u32,
    modules: u32,
    values: u32,
}

/// Adds to the open section if it is of the right kind, else closes it and begins one.
macro_rules! add {
    ($writer:ident, $kind:ident, |$section:ident| $add:expr) => {
        if !matches!($writer.open, Open::$kind(_)) {
            $writer.close();
            $writer.open = Open::$kind(Default::default());
        }
        if let Open::$kind($section) = &mut $writer.open {
            $add;
        }
    };
}

impl Writer {
    pub fn new() -> Writer {
        Writer {
            pieces: Vec::new(),
            bytes: wasm_encoder::Component::HEADER.to_vec(),
            open: Open::Nothing,
            types: 0,
            instances: 0,
            functions: 0,
            components: 0,
            modules: 0,
            values: 0,
        }
    }

    fn close(&mut self) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => {}
            Open::Types(section) => section.append_to_component(&mut self.bytes),
            Open::Imports(section) => section.append_to_component(&mut self.bytes),
            Open::Aliases(section) => section.append_to_component(&mut self.bytes),
            Open::Instances(section) => section.append_to_component(&mut self.bytes),
            Open::Exports(section) => section.append_to_component(&mut self.bytes),
        }
    }

    /// The index that the next item of a kind will get; the item is counted.
    fn count(&mut self, kind: ComponentExportKind) -> u32 {
        let counter = match kind {
            ComponentExportKind::Module => &mut self.modules,
            ComponentExportKind::Func => &mut self.functions,
            ComponentExportKind::Value => &mut self.values,
            ComponentExportKind::Type => &mut self.types,
            ComponentExportKind::Instance => &mut self.instances,
            ComponentExportKind::Component => &mut self.components,
        };
        *counter += 1;
        *counter - 1
    }

    /// Defines a type.
    pub fn ty(&mut self, define: impl FnOnce(ComponentTypeEncoder<'_>)) -> u32 {
        add!(self, Types, |section| define(section.ty()));
        self.count(ComponentExportKind::Type)
    }

    pub fn import(&mut self, name: ComponentExternName<'_>, ty: ComponentTypeRef) -> u32 {
        add!(self, Imports, |section| section.import(name, ty));
        self.count(ty.kind())
    }

    /// An export of an instance, as an item of this component.
    pub fn alias(&mut self, instance: u32, kind: ComponentExportKind, name: &str) -> u32 {
        let alias = Alias::InstanceExport { instance, kind, name };
        add!(self, Aliases, |section| section.alias(alias));
        self.count(kind)
    }

    pub fn instantiate(
        &mut self,
        component: u32,
        args: Vec<(&str, ComponentExportKind, u32)>,
    ) -> u32 {
        add!(self, Instances, |section| section.instantiate(component, args));
        self.count(ComponentExportKind::Instance)
    }

    /// An instance made of items that are at hand.
    pub fn bundle(&mut self, items: &[(String, ComponentExportKind, u32)]) -> u32 {
        let items = items.iter().map(|(name, kind, index)| (name.as_str(), *kind, *index));
        add!(self, Instances, |section| section.export_items(items));
        self.count(ComponentExportKind::Instance)
    }

    pub fn export(
        &mut self,
        name: ComponentExternName<'_>,
        kind: ComponentExportKind,
        index: u32,
        ty: Option<ComponentTypeRef>,
    ) -> u32 {
        add!(self, Exports, |section| section.export(name, kind, index, ty));
        self.count(kind)
    }

    /// Embeds an input of `size` bytes.
    pub fn component(&mut self, input: usize, size: u32) -> u32 {
        self.close();
        self.bytes.push(wasm_encoder::ComponentSectionId::Component as u8);
        size.encode(&mut self.bytes);
        self.pieces.push(Piece::Own(std::mem::take(&mut self.bytes)));
        self.pieces.push(Piece::Input(input));
        self.count(ComponentExportKind::Component)
    }

    /// A section that is complete in itself, such as a custom one.
    pub fn section(&mut self, section: &impl ComponentSection) {
        self.close();
        section.append_to_component(&mut self.bytes);
    }

    pub fn finish(mut self) -> Vec<Piece> {
        self.close();
        self.pieces.push(Piece::Own(self.bytes));
        self.pieces
    }
}
